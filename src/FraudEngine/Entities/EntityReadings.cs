using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>What the entities that a transaction names say to the rules and to the model. Reusable.</summary>
public sealed class EntityReadings
{
    public EntityValues Rules { get; } = new();

    public EntityValues Model { get; } = new();

    /// <summary>Entities that did not answer: bits by <see cref="EntityKind"/>.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Begins anew: no entity has failed to answer.</summary>
    public void Begin() => Unanswered = 0;

    /// <summary>No entity is named.</summary>
    public void SetMissing()
    {
        Begin();
        Rules.SetMissing();
        Model.SetMissing();
    }

    /// <summary>The entity of a kind did not answer in time.</summary>
    public void SetUnanswered(EntityKind kind)
    {
        Unanswered |= 1 << (int)kind;
        Rules[kind].SetUnanswered();
        Model[kind].SetUnanswered();
    }
}
