using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The windows that rules or a model need over each kind of entity. Immutable.</summary>
public sealed class WindowPlans
{
    private readonly WindowPlan[] _plans = new WindowPlan[EntityKinds.End];
    private readonly int[] _offsets = new int[EntityKinds.End];

    /// <param name="planOf">The plan of a kind; one without windows where it needs none.</param>
    public WindowPlans(Func<EntityKind, WindowPlan> planOf)
    {
        for (var kind = EntityKind.Account; (int)kind < EntityKinds.End; kind++)
        {
            _plans[(int)kind] = planOf(kind);
            _offsets[(int)kind] = Count;
            Count += this[kind].Specs.Length;
            KeptTicks = Math.Max(KeptTicks, this[kind].KeptTicks);
        }

        Visited = [.. EntityKinds.Visited.Where(kind => this[kind].Specs.Length > 0)];
    }

    public static WindowPlans Empty { get; } = None(WindowSettings.Default);

    public static WindowPlans None(WindowSettings settings)
    {
        var none = new WindowPlan(settings, []);
        return new WindowPlans(_ => none);
    }

    /// <summary>The kinds, other than the account, that have windows.</summary>
    public ImmutableArray<EntityKind> Visited { get; }

    /// <summary>Windows of all kinds together.</summary>
    public int Count { get; }

    /// <summary>The longest <see cref="WindowPlan.KeptTicks"/> of any kind.</summary>
    public long KeptTicks { get; }

    public WindowPlan this[EntityKind kind] => _plans[(int)kind];

    /// <summary>The number, over all kinds, of a kind's first window; the account's come first.</summary>
    public int OffsetOf(EntityKind kind) => _offsets[(int)kind];

    /// <summary>The windows of both, kind by kind as <see cref="WindowPlan.Union"/> has them.</summary>
    public static WindowPlans Union(WindowPlans a, WindowPlans b) => a.Contains(b) ? a : new(kind => WindowPlan.Union(a[kind], b[kind]));

    /// <summary>Whether all windows of another are among these.</summary>
    public bool Contains(WindowPlans part)
    {
        for (var kind = EntityKind.Account; (int)kind < EntityKinds.End; kind++)
        {
            if (!this[kind].Contains(part[kind]))
            {
                return false;
            }
        }

        return true;
    }
}
