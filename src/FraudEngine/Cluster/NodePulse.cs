using FraudEngine.Engine;

namespace FraudEngine.Cluster;

/// <summary>When the node says that it is there, and what it says that it does.</summary>
internal sealed class NodePulse(DecisionEngine engine, OutgoingRequests outgoing)
{
    private readonly RateMeter _decided = new();
    private readonly RateMeter _forwarded = new();
    private long _lastDecided;
    private TimeSpan _lastProgress;
    private int _isDue = 1;
    private NodeRates _last;

    /// <summary>What it does, as it was measured last.</summary>
    public NodeRates Last
    {
        get
        {
            lock (_decided)
            {
                return _last;
            }
        }
    }

    /// <summary>Has a heartbeat sent soon.</summary>
    public void Set() => Volatile.Write(ref _isDue, 1);

    /// <summary>Whether one is due. Then it no longer is.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isDue, 0) == 1;

    /// <summary>Measures what the node does. Called by the sender only.</summary>
    public NodeRates Measure(TimeSpan now)
    {
        var decided = engine.Count().DecidedInAll;
        var inFlight = engine.Admission.InFlight;
        if (decided != _lastDecided || inFlight == 0)
        {
            (_lastDecided, _lastProgress) = (decided, now);
        }

        // What waits longest is what waits for other nodes, or everything, where nothing is decided at all.
        var lag = TimeSpan.FromTicks(Math.Max(outgoing.Lag().Ticks, (now - _lastProgress).Ticks));
        lock (_decided)
        {
            return _last = new NodeRates(_decided.Read(decided, now), _forwarded.Read(outgoing.Forwarded, now), inFlight, inFlight > 0 ? lag.TotalSeconds : 0);
        }
    }
}
