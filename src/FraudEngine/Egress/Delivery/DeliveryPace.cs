namespace FraudEngine.Egress.Delivery;

/// <summary>
/// How many messages a channel may begin in a second: a bucket of permits that fills evenly. Sending takes several times the processor time of a decision, so a
/// flood of alerts, or what has gathered while a receiver was away, would be sent at the decisions' cost. Called only from the channel's loop.
/// </summary>
/// <param name="perSecond">Permits a second.</param>
/// <param name="isBusy">Whether the processors are needed for decisions: then it is a quarter of them.</param>
internal sealed class DeliveryPace(int perSecond, Func<bool> isBusy)
{
    private const int BusyPart = 4;

    // So much of a second may be made up for at once.
    private const int BurstPart = 10;

    private readonly long _ticksEach = TimeSpan.TicksPerSecond / perSecond;
    private readonly long _burstTicks = Math.Max(TimeSpan.TicksPerSecond / BurstPart, TimeSpan.TicksPerSecond / perSecond);
    private long _nextTicks;

    /// <summary>When to look again, in UTC ticks: where no message may begin now, a little later than one may, so that several begin at a time.</summary>
    public long WakeTicks(long nowTicks) => IsFree(nowTicks) ? nowTicks : _nextTicks + (_burstTicks / BurstPart);

    /// <summary>Whether a message may begin. A time further ahead than one can be says that the clock was put back.</summary>
    public bool IsFree(long nowTicks) => _nextTicks <= nowTicks || _nextTicks > nowTicks + (_burstTicks * BusyPart);

    /// <summary>A message begins.</summary>
    public void Take(long nowTicks) => _nextTicks = Math.Clamp(_nextTicks, nowTicks - _burstTicks, nowTicks) + (isBusy() ? _ticksEach * BusyPart : _ticksEach);
}
