using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>What streams keep of one transaction.</summary>
/// <param name="ticks">Event time.</param>
/// <param name="amount">Minor units.</param>
/// <param name="texts">By <see cref="TransactionField"/>; those that no stream asks for may be left out.</param>
/// <param name="id">By which a label finds it.</param>
/// <param name="isFraud">Whether it is known to be one.</param>
internal readonly ref struct EventValues(long ticks, long amount, GeoPosition position, ReadOnlySpan<TextKey> texts, ulong id = 0, bool isFraud = false)
{
    public long Ticks { get; } = ticks;

    public long Amount { get; } = amount;

    public GeoPosition Position { get; } = position;

    public ReadOnlySpan<TextKey> Texts { get; } = texts;

    public ulong Id { get; } = id;

    public bool IsFraud { get; } = isFraud;

    /// <summary>Whether a text, for Latitude the position, or for <see cref="StreamLayout.Labels"/> a label that says fraud, is given.</summary>
    public bool Has(TransactionField field) =>
        field == TransactionField.Latitude ? !Position.IsNone
        : field == StreamLayout.Labels ? IsFraud
        : !Texts[(int)field].IsNone;
}
