namespace FraudEngine.Egress.Delivery;

/// <summary>Whether this process uses so much of the machine's processors that decisions would wait for what delivery takes. From any thread.</summary>
/// <param name="cpuTime">The processor time that the process has used.</param>
/// <param name="processors">How many it may use.</param>
internal sealed class ProcessLoad(TimeProvider clock, Func<TimeSpan> cpuTime, int processors)
{
    private const double BusyShare = 0.6;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private long _sampled = clock.GetTimestamp();
    private TimeSpan _used = cpuTime();
    private bool _isBusy;

    /// <summary>Of the last half second or more.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                var elapsed = clock.GetElapsedTime(_sampled);
                if (elapsed >= Interval)
                {
                    var used = cpuTime();
                    _isBusy = (used - _used) / (elapsed * processors) > BusyShare;
                    (_used, _sampled) = (used, clock.GetTimestamp());
                }

                return _isBusy;
            }
        }
    }
}
