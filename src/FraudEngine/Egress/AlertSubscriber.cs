namespace FraudEngine.Egress;

/// <summary>Why a subscriber was woken.</summary>
internal enum Wakeup
{
    None,
    Beat,
    Alert,
}

/// <summary>One client that listens for alerts.</summary>
/// <param name="accountId">The account whose alerts it wants; null for all.</param>
internal sealed class AlertSubscriber(string? accountId)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private Wakeup _pending;

    public string? AccountId { get; } = accountId;

    public void Wake() => Signal(Wakeup.Alert);

    /// <summary>Which beat of a round wakes it.</summary>
    public int BeatTurn { get; set; }

    public void Beat() => Signal(Wakeup.Beat);

    /// <summary>Ends at the next wake-up, or at once where there was one since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_pending != Wakeup.None)
            {
                return Task.CompletedTask;
            }

            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Why the last wait ended; forgets it.</summary>
    public Wakeup Take()
    {
        lock (_gate)
        {
            var pending = _pending;
            _pending = Wakeup.None;
            return pending;
        }
    }

    private void Signal(Wakeup reason)
    {
        lock (_gate)
        {
            _pending = reason > _pending ? reason : _pending;
            _waiting?.TrySetResult();
            _waiting = null;
        }
    }
}
