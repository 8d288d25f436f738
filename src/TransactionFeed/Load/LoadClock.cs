using System.Diagnostics;

namespace TransactionFeed.Load;

/// <summary>
/// The run's times. Event time begins some days ago and by default reaches the present at the end, so that windows of hours and days see what they see in
/// practice, and not hundreds of payments in a second; it never runs ahead of the present.
/// </summary>
/// <param name="from">How long ago event time begins.</param>
/// <param name="until">How long ago it ends.</param>
internal sealed class LoadClock(TimeProvider time, TimeSpan warmup, TimeSpan duration, TimeSpan from, TimeSpan until)
{
    private readonly double _speed = (from - until) / (warmup + duration);
    private long _wallStartTicks;

    /// <summary>As are the others, a <see cref="Stopwatch"/> timestamp.</summary>
    public long Start { get; private set; }

    public long MeasureFrom { get; private set; }

    public long MeasureUntil { get; private set; }

    /// <summary>Called once all senders are connected, before the first one sends.</summary>
    public void Begin()
    {
        _wallStartTicks = time.GetUtcNow().UtcTicks;
        Start = Stopwatch.GetTimestamp();
        MeasureFrom = Start + ToStopwatch(warmup);
        MeasureUntil = MeasureFrom + ToStopwatch(duration);
    }

    public bool IsMeasured(long timestamp) => timestamp >= MeasureFrom && timestamp < MeasureUntil;

    /// <summary>The event time of what is sent now. Never goes back.</summary>
    public long EventTicks()
    {
        var elapsed = Stopwatch.GetElapsedTime(Start).Ticks;
        return _wallStartTicks + Math.Min(elapsed, (long)(elapsed * _speed) - from.Ticks);
    }

    private static long ToStopwatch(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
