using FraudEngine.Domain;
using FraudEngine.Engine.Remote;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>What a shard receives.</summary>
public abstract class ShardMessage;

/// <summary>A message that an account answers, once everything that the answer rests on is durable.</summary>
public abstract class AccountRequest : ShardMessage
{
    /// <summary>The account's id as UTF-8.</summary>
    public abstract ReadOnlySpan<byte> AccountId { get; }

    /// <summary>So often a request is tried that faults, or that could not be stored.</summary>
    internal const int FaultsMax = 2;

    /// <summary>How often the shard faulted over this request.</summary>
    internal int Faults { get; set; }

    /// <summary>How often it was handled and then could not be stored.</summary>
    internal int StoreFailures { get; set; }

    /// <summary>Its place among the appends of its batch; -1 where it appended nothing.</summary>
    internal int AppendIndex { get; set; } = -1;

    /// <summary>The id, as UTF-8, of the entity of a kind that what it appended names; empty where it names none.</summary>
    internal virtual ReadOnlySpan<byte> EntityId(EntityKind kind) => [];

    /// <summary>The requests of another node among which it came; null where it came to this one.</summary>
    internal ForwardedBatch? Forwarded { get; init; }

    /// <summary>Whether it has entered the <see cref="Admission"/>, which it leaves when it is answered.</summary>
    internal virtual bool IsAdmitted => false;

    internal bool HasFailedTooOften => Faults >= FaultsMax || StoreFailures >= FaultsMax;

    /// <summary>Hands the answer to whoever waits for it, on this node or another.</summary>
    internal void GiveOut()
    {
        if (Forwarded is null)
        {
            Release();
        }
        else
        {
            Forwarded.Settle();
        }
    }

    /// <summary>Hands the answer to whoever waits for it on this node.</summary>
    internal abstract void Release();

    /// <summary>Forgets an answer that was never given.</summary>
    internal abstract void PrepareToRedo();

    /// <summary>Makes the answer one that says that it can't be given now.</summary>
    internal abstract void RefuseAsUnavailable();
}

/// <summary>A batch could not be stored.</summary>
internal sealed class BatchFailed(ShardBatch batch, Exception reason) : ShardMessage
{
    public ShardBatch Batch { get; } = batch;

    public Exception Reason { get; } = reason;
}

/// <summary>The journal has answered what the shard asked.</summary>
internal sealed class ReadsAnswered(JournalReads reads) : ShardMessage
{
    public JournalReads Reads { get; } = reads;
}
