using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Chooses the transactions that a window looks at. Depends on nothing but the transaction, so that it says the same whenever it is asked. Two filters with
/// the same text are the same filter.
/// </summary>
public abstract class EventFilter(string text) : IEquatable<EventFilter>
{
    /// <summary>The condition in its one canonical form. Snapshots name a filter by it.</summary>
    public string Text { get; } = text;

    /// <summary>From any thread; allocates nothing.</summary>
    public abstract bool Passes(Transaction transaction);

    public bool Equals(EventFilter? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as EventFilter);

    public override string ToString() => Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
