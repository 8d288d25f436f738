namespace FraudEngine.Egress.Delivery;

/// <summary>How a channel's receiver is thought to be.</summary>
internal enum BreakerState : byte
{
    None,

    /// <summary>It works.</summary>
    Closed,

    /// <summary>It does not, and nothing is sent.</summary>
    Open,

    /// <summary>One message is under way to find out.</summary>
    HalfOpen,
}

/// <summary>What may be sent now.</summary>
internal enum BreakerPermit : byte
{
    None,

    /// <summary>One message; what becomes of it decides.</summary>
    Probe,
    All,
}

/// <summary>
/// Keeps a channel whose receiver is away from trying each alert in vain: after so many failures in a row nothing is sent but one message now and then, until one
/// arrives.
/// </summary>
/// <param name="probeWait">Before the first probe; it doubles with each that fails.</param>
internal sealed class CircuitBreaker(int failuresMax, TimeSpan probeWait, TimeSpan probeWaitMax)
{
    private int _failures;
    private TimeSpan _wait;

    public BreakerState State { get; private set; } = BreakerState.Closed;

    /// <summary>While it is open, when the next probe may go out, in UTC ticks.</summary>
    public long ProbeTicks { get; private set; }

    public BreakerPermit Permit(long nowTicks) => State switch
    {
        BreakerState.Closed => BreakerPermit.All,
        BreakerState.Open when nowTicks >= ProbeTicks => BreakerPermit.Probe,
        BreakerState.None or BreakerState.Open or BreakerState.HalfOpen => BreakerPermit.None,
    };

    public void BeginProbe() => State = BreakerState.HalfOpen;

    /// <summary>The receiver has answered, whatever it thinks of the message.</summary>
    /// <returns>Whether that has closed it.</returns>
    public bool Succeed()
    {
        var hasClosed = State != BreakerState.Closed;
        (State, _failures) = (BreakerState.Closed, 0);
        return hasClosed;
    }

    /// <summary>The receiver is in trouble.</summary>
    /// <returns>Whether that has opened it.</returns>
    public bool Fail(bool isProbe, long nowTicks)
    {
        if (State == BreakerState.Closed)
        {
            if (++_failures < failuresMax)
            {
                return false;
            }

            Open(probeWait, nowTicks);
            return true;
        }

        // What was under way when it opened says nothing new.
        if (isProbe)
        {
            Open(_wait * 2 < probeWaitMax ? _wait * 2 : probeWaitMax, nowTicks);
        }

        return false;
    }

    /// <summary>Nothing became of the probe.</summary>
    public void Abandon(long nowTicks) => Open(_wait, nowTicks);

    private void Open(TimeSpan wait, long nowTicks)
    {
        _wait = wait;
        State = BreakerState.Open;
        ProbeTicks = nowTicks + wait.Ticks;
    }
}
