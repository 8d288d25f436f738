namespace FraudEngine.Ingress.Feed;

/// <summary>What one queue's consumer has counted since the start.</summary>
public sealed class FeedCounts(string queue)
{
    private long _received;
    private long _redelivered;
    private long _deadLettered;
    private long _acknowledged;
    private long _setBack;

    public string Queue { get; } = queue;

    /// <summary>Messages delivered, each time that they are.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Those of them that had been delivered before.</summary>
    public long Redelivered => Volatile.Read(ref _redelivered);

    /// <summary>Messages that could not be decided and stand among the dead letters.</summary>
    public long DeadLettered => Volatile.Read(ref _deadLettered);

    /// <summary>Messages that are done, dead letters included.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Transactions that could not be stored and were left to be delivered again.</summary>
    public long SetBack => Volatile.Read(ref _setBack);

    /// <summary>Messages taken and not yet done.</summary>
    public int InFlight => InFlightOf?.Invoke() ?? 0;

    internal Func<int>? InFlightOf { get; set; }

    internal void CountReceived(bool isAgain)
    {
        Interlocked.Increment(ref _received);
        if (isAgain)
        {
            Interlocked.Increment(ref _redelivered);
        }
    }

    internal void CountAcknowledged(int messages) => Interlocked.Add(ref _acknowledged, messages);

    internal void CountDeadLettered() => Interlocked.Increment(ref _deadLettered);

    internal void CountSetBack() => Interlocked.Increment(ref _setBack);
}
