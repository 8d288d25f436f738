namespace TransactionFeed.Replay;

/// <summary>Lets event time pass <paramref name="speed"/> times as fast as real time, from the first event on.</summary>
internal sealed class EventPace(double speed, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private long _startTimestamp;
    private long? _firstTicks;

    /// <summary>Waits until the event is due; one without a time is due at once.</summary>
    public async ValueTask WaitAsync(long? eventTicks, CancellationToken stop)
    {
        if (eventTicks is not { } ticks)
        {
            return;
        }

        if (_firstTicks is null)
        {
            _firstTicks = ticks;
            _startTimestamp = time.GetTimestamp();
        }

        while (TimeSpan.FromTicks((long)((ticks - _firstTicks.Value) / speed)) - time.GetElapsedTime(_startTimestamp) is { Ticks: > TimeSpan.TicksPerMillisecond } wait)
        {
            await Task.Delay(wait < Longest ? wait : Longest, time, stop);
        }
    }
}
