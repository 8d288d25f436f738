using FraudEngine.Domain;

namespace FraudEngine.Rules.Compilation;

/// <summary>What the names in an expression can mean.</summary>
/// <param name="Lists">Null in a filter.</param>
/// <param name="Filtered">In a filter, the kind of entity whose transactions it looks at; else None.</param>
/// <param name="Chosen">In the condition of an activity rule, and in its filters, what the customer chooses; else null.</param>
internal sealed record Scope(EntitySlots Entities, ListSlots? Lists, EntityKind Filtered = EntityKind.None, ActivityChoice? Chosen = null)
{
    /// <summary>Whether names mean a transaction of a window, not the present one.</summary>
    public bool IsFilter => Filtered != EntityKind.None;

    public Scope ForFilter(EntityKind kind) => new(Entities, null, kind, Chosen);

    public Scope ForActivity(ActivityChoice chosen) => this with { Chosen = chosen };
}
