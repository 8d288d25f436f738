using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine;

/// <summary>A request that stores something of an account besides a transaction, and says in one word what came of it.</summary>
/// <param name="unavailable">What it says where nothing could be stored.</param>
internal abstract class AccountUpdate<TResult>(byte[] accountId, TResult unavailable) : AccountRequest
    where TResult : struct, Enum
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ReadOnlySpan<byte> AccountId => accountId;

    public Task<TResult> Answer => _answer.Task;

    public TResult Result { get; set; }

    /// <summary>The label that is stored, where <see cref="AccountRequest.AppendIndex"/> points at one.</summary>
    public TransactionLabelled Label { get; } = new();

    internal override ReadOnlySpan<byte> EntityId(EntityKind kind) => Label.Entity(kind);

    internal override bool IsAdmitted => Forwarded is null;

    internal override void Release() => _answer.TrySetResult(Result);

    internal override void PrepareToRedo()
    {
        Result = default;
        AppendIndex = -1;
    }

    internal override void RefuseAsUnavailable()
    {
        Result = unavailable;
        AppendIndex = -1;
    }
}
