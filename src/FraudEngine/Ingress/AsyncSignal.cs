using System.Threading.Tasks.Sources;

namespace FraudEngine.Ingress;

/// <summary>
/// Wakes one waiter, without allocating. A signal set while nobody waits is kept, and several are one: the waiter looks at its condition again each time.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int None = 0;
    private const int Waiting = 1;
    private const int IsSet = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Set()
    {
        if (Interlocked.Exchange(ref _state, IsSet) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Ends when the signal is set. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, None) == None)
        {
            return new ValueTask(this, _core.Version);
        }

        Forget();
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token)
    {
        Forget();
        _core.GetResult(token);
    }

    /// <summary>With a full fence: the waiter's look at its condition must not come before, or a signal set in between would be lost.</summary>
    private void Forget() => Interlocked.Exchange(ref _state, None);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
