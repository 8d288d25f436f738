using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;
using FraudEngine.Entities;

namespace FraudEngine.Engine;

/// <summary>Where the answer to a transaction goes.</summary>
public interface IReplyTo
{
    /// <summary>The envelope holds the answer. Called on the engine's release loop: must be quick and must not throw.</summary>
    void Completed(TransactionEnvelope envelope);
}

/// <summary>
/// A transaction on its way through the engine, and its answer. Reusable: its owner fills <see cref="Transaction"/>, submits it, and has it back when
/// <see cref="IReplyTo.Completed"/> is called.
/// </summary>
public sealed class TransactionEnvelope(IReplyTo replyTo) : AccountRequest
{
    private EnvelopeVisits? _visits;

    internal TransactionDecided Event { get; } = new();

    public Transaction Transaction => Event.Transaction;

    /// <summary>The answer, where <see cref="Refusal"/> is None.</summary>
    public Decision Decision => Event.Decision;

    /// <summary>Why it was not decided.</summary>
    public Refusal Refusal { get; internal set; }

    /// <summary>
    /// Whether it waits as long as it takes where its account's shard has no owner, or none that answers; else it is refused as unavailable after a while. For
    /// a durable feed, which would only bring it again. What can't be read or stored is refused all the same.
    /// </summary>
    public bool IsPatient { get; set; }

    public override ReadOnlySpan<byte> AccountId => Event.Transaction.AccountId;

    /// <summary>Its way over the entities that it names.</summary>
    internal EnvelopeVisits Visits => _visits ??= new EnvelopeVisits(this);

    internal override bool IsAdmitted => Forwarded is null;

    internal override ReadOnlySpan<byte> EntityId(EntityKind kind) => Transaction.Text(EntityKinds.FieldOf(kind));

    /// <summary>Makes it ready to be submitted again with another transaction.</summary>
    public void Reset()
    {
        PrepareToRedo();
        StoreFailures = 0;
        Faults = 0;
    }

    internal override void Release() => replyTo.Completed(this);

    internal override void PrepareToRedo()
    {
        Refusal = Refusal.None;
        AppendIndex = -1;
        _visits?.Clear();
    }

    internal override void RefuseAsUnavailable()
    {
        Refusal = Refusal.Unavailable;
        AppendIndex = -1;

        // It goes back to its owner while visits may be under way: those must find that nobody waits for them.
        _visits?.Clear();
    }
}
