namespace FraudEngine.Tests.Ingress;

/// <summary>A clock that a test sets; its timers fire when the test says so.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly List<Action> _timers = [];

    public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Whether its timers fire by themselves as well, by real time.</summary>
    public bool RunsTimers { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public void Advance(TimeSpan by) => Now += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add(() => callback(state));
        return RunsTimers
            ? base.CreateTimer(callback, state, dueTime, period)
            : base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void FireTimers() => _timers.ForEach(static fire => fire());
}
