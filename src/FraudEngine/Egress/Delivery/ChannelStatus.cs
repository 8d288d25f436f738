namespace FraudEngine.Egress.Delivery;

/// <summary>How a channel is getting on at this node. Written by its loop, read by whoever asks.</summary>
internal sealed class ChannelStatus
{
    private long _delivered;
    private long _failed;
    private long _dead;
    private int _waiting;
    private long _oldestTicks;
    private int _breaker = (int)BreakerState.None;

    /// <summary>Alerts delivered since the start, also as part of another's message.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Attempts that have failed since the start.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Alerts given up since the start.</summary>
    public long Dead => Volatile.Read(ref _dead);

    /// <summary>Alerts that were taken up and not delivered yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary><see cref="BreakerState.None"/> where another node delivers.</summary>
    public BreakerState Breaker => (BreakerState)Volatile.Read(ref _breaker);

    /// <summary>How old the oldest alert is that was taken up and not delivered yet, in seconds.</summary>
    public double LagSeconds(DateTimeOffset now) =>
        Volatile.Read(ref _oldestTicks) is var oldest and > 0 ? Math.Max(0, new TimeSpan(now.UtcTicks - oldest).TotalSeconds) : 0;

    public void AddDelivered(int alerts) => Interlocked.Add(ref _delivered, alerts);

    public void AddFailed() => Interlocked.Increment(ref _failed);

    public void AddDead(int alerts) => Interlocked.Add(ref _dead, alerts);

    public void Show(int waiting, BreakerState breaker)
    {
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _breaker, (int)breaker);
        if (waiting == 0)
        {
            ShowOldest(0);
        }
    }

    public void ShowOldest(long ticks) => Volatile.Write(ref _oldestTicks, ticks);
}
