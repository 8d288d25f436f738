using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine;

/// <summary>What came of a label.</summary>
public enum LabelResult
{
    None,

    /// <summary>It is stored, and counts from now on.</summary>
    Stored,

    /// <summary>The transaction has this label already.</summary>
    Unchanged,

    /// <summary>The account has no transaction of that id.</summary>
    Unknown,

    /// <summary>It could not be stored. Sending it again is safe.</summary>
    Unavailable,
}

/// <summary>Says what a transaction turned out to be.</summary>
internal sealed class LabelRequest(byte[] accountId, byte[] transactionId, bool isFraud) : AccountRequest
{
    private readonly TaskCompletionSource<LabelResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] TransactionId { get; } = transactionId;

    public bool IsFraud { get; } = isFraud;

    public override ReadOnlySpan<byte> AccountId => accountId;

    public Task<LabelResult> Answer => _answer.Task;

    public LabelResult Result { get; set; }

    /// <summary>What is stored.</summary>
    public TransactionLabelled Event { get; } = new();

    internal override ReadOnlySpan<byte> EntityId(EntityKind kind) => Event.Entity(kind);

    internal override bool IsAdmitted => Forwarded is null;

    internal override void Release() => _answer.TrySetResult(Result);

    internal override void PrepareToRedo()
    {
        Result = LabelResult.None;
        AppendIndex = -1;
    }

    internal override void RefuseAsUnavailable()
    {
        Result = LabelResult.Unavailable;
        AppendIndex = -1;
    }
}
