namespace FraudEngine.Rules.Compilation;

/// <summary>What the names in an expression can mean.</summary>
/// <param name="Entity">The one whose windows a condition asks, or whose transactions a filter looks at.</param>
/// <param name="Lists">Null in a filter.</param>
internal sealed record Scope(WindowSlots Entity, ListSlots? Lists)
{
    /// <summary>Whether names mean a transaction of a window, not the present one.</summary>
    public bool IsFilter => Lists is null;

    /// <summary>The windows of the entity that a name means; null where it means none.</summary>
    public WindowSlots? FindEntity(string name) => name == Entity.Kind ? Entity : null;

    public Scope ForFilter(WindowSlots entity) => new(entity, null);
}
