namespace TransactionFeed.Replay;

/// <summary>
/// How long to wait before the next try, and when to stop trying (never, where that is <see cref="Timeout.InfiniteTimeSpan"/>).
/// </summary>
internal sealed class Backoff(TimeSpan giveUpAfter, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;
    private long? _failingSince;

    /// <summary>An answer came: all is well again.</summary>
    public void Reset()
    {
        _next = First;
        _failingSince = null;
    }

    /// <summary>The wait after a failure, or null when it has gone on for too long. <paramref name="asked"/> is what the server asks for.</summary>
    public TimeSpan? AfterFailure(TimeSpan? asked)
    {
        _failingSince ??= time.GetTimestamp();
        var isEndless = giveUpAfter == Timeout.InfiniteTimeSpan;
        if (!isEndless && time.GetElapsedTime(_failingSince.Value) >= giveUpAfter)
        {
            return null;
        }

        var wait = asked is { } longer && longer > _next ? longer : _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return isEndless || wait < giveUpAfter ? wait : giveUpAfter;
    }
}
