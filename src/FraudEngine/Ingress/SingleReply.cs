using System.Threading.Tasks.Sources;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>One transaction that a request waits for, without a Task of its own. Reusable after its answer was awaited.</summary>
internal sealed class SingleReply : IReplyTo, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    public SingleReply() => Envelope = new TransactionEnvelope(this);

    public TransactionEnvelope Envelope { get; }

    /// <summary>Ends when the envelope holds the answer. To be taken before the envelope is submitted, and awaited once.</summary>
    public ValueTask Answered => new(this, _core.Version);

    public void Reset()
    {
        _core.Reset();
        Envelope.Reset();
    }

    void IReplyTo.Completed(TransactionEnvelope envelope) => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
