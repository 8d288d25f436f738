using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>The event of an account: one transaction was decided. Reused: whoever keeps one past its turn copies it.</summary>
public sealed class TransactionDecided
{
    /// <summary>The account's own number for it, from 1, without gaps.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The seeded hash of the transaction's id, by which a resend is recognised.</summary>
    public ulong IdHash { get; internal set; }

    /// <summary>As <see cref="TransactionHash"/> makes it.</summary>
    public ulong EventId { get; internal set; }

    public Transaction Transaction { get; init; } = new();

    public Decision Decision { get; } = new();

    /// <summary>The window values that the rules read, by their number over all kinds of entities (<see cref="Windows.WindowPlans.OffsetOf"/>).</summary>
    public FeatureValues Features { get; private set; } = new();

    /// <summary>What the model was given; empty where none scored.</summary>
    public ModelFeatures ModelFeatures { get; private set; } = new();

    /// <summary>
    /// Exchanges the features with those of another. They are by far the most of an event and are needed only until it is encoded: whoever decides many lends each
    /// the same ones, which stay in the processor's cache.
    /// </summary>
    internal void SwapFeatures(TransactionDecided other)
    {
        (Features, other.Features) = (other.Features, Features);
        (ModelFeatures, other.ModelFeatures) = (other.ModelFeatures, ModelFeatures);
    }

    /// <summary>Computes the hashes by which the transaction is found again.</summary>
    internal void Identify(ulong seed)
    {
        IdHash = Hash64.Of(Transaction.TransactionId, seed);
        EventId = TransactionHash.Of(Transaction.AccountId, Transaction.TransactionId, seed);
    }
}
