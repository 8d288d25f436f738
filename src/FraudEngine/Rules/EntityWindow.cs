using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>A window and the kind of entity whose transactions it looks at.</summary>
public readonly record struct EntityWindow(EntityKind Kind, WindowSpec Spec)
{
    /// <summary>As the rule language writes it.</summary>
    public override string ToString() => WindowText.Of(Spec, EntityKinds.NameOf(Kind));

    /// <summary>Its number over all kinds, from 0, in plans that have it.</summary>
    public int NumberIn(WindowPlans plans) => plans.OffsetOf(Kind) + plans[Kind].Specs.IndexOf(Spec);

    /// <summary>All windows of the plans, by number.</summary>
    public static IEnumerable<EntityWindow> AllOf(WindowPlans plans)
    {
        for (var kind = EntityKind.Account; (int)kind < EntityKinds.End; kind++)
        {
            foreach (var spec in plans[kind].Specs)
            {
                yield return new EntityWindow(kind, spec);
            }
        }
    }
}
