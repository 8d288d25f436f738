using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>What streams keep of one transaction.</summary>
/// <param name="ticks">Event time.</param>
/// <param name="amount">Minor units.</param>
/// <param name="texts">By <see cref="TransactionField"/>; those that no stream asks for may be left out.</param>
internal readonly ref struct EventValues(long ticks, long amount, GeoPosition position, ReadOnlySpan<TextKey> texts)
{
    public long Ticks { get; } = ticks;

    public long Amount { get; } = amount;

    public GeoPosition Position { get; } = position;

    public ReadOnlySpan<TextKey> Texts { get; } = texts;

    /// <summary>Whether a text, or for Latitude the position, is given.</summary>
    public bool Has(TransactionField field) => field == TransactionField.Latitude ? !Position.IsNone : !Texts[(int)field].IsNone;
}
