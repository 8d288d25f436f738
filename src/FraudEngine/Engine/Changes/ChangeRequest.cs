using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine.Changes;

/// <summary>Changes an account.</summary>
internal sealed class ChangeRequest(byte[] accountId, AccountOrder order) : AccountRequest
{
    private readonly TaskCompletionSource<ChangeResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AccountOrder Order { get; } = order;

    public override ReadOnlySpan<byte> AccountId => accountId;

    public Task<ChangeResult> Answer => _answer.Task;

    public ChangeResult Result { get; set; }

    /// <summary>The label that is stored with a response, where <see cref="AccountRequest.AppendIndex"/> points at one.</summary>
    public TransactionLabelled Label { get; } = new();

    internal override ReadOnlySpan<byte> EntityId(EntityKind kind) => Label.Entity(kind);

    internal override bool IsAdmitted => Forwarded is null;

    internal override void Release() => _answer.TrySetResult(Result);

    internal override void PrepareToRedo()
    {
        Result = ChangeResult.None;
        AppendIndex = -1;
    }

    internal override void RefuseAsUnavailable()
    {
        Result = ChangeResult.Unavailable;
        AppendIndex = -1;
    }
}
