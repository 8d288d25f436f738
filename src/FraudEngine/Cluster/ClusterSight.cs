using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>What this node knows of the cluster and says of itself: <see cref="Membership"/> under a lock, and the node's own part in it.</summary>
internal sealed class ClusterSight(ClusterSettings settings, string life, int shards, long startedTicks, Func<int, bool> owns, IClusterEvents events)
{
    private const int GoneMax = 256;

    private readonly Lock _gate = new();
    private readonly Membership _membership = new(settings.Node, life, shards, settings);
    private readonly Queue<string> _gone = new();
    private long _connection;
    private long _beats;
    private volatile int _intent = (int)MemberState.Starting;

    /// <summary>What the node wants to be: starting, ready or leaving.</summary>
    public MemberState Intent
    {
        get => (MemberState)_intent;
        set => _intent = (int)value;
    }

    /// <summary>Whether another life of this node's name has begun after it: then this one gives everything up.</summary>
    public bool IsSuperseded
    {
        get
        {
            lock (_gate)
            {
                return _membership.IsSelfSuperseded(startedTicks);
            }
        }
    }

    public bool HasReadyOthers
    {
        get
        {
            lock (_gate)
            {
                return _membership.ReadyOthers().Any();
            }
        }
    }

    public bool KnowsAllOwners
    {
        get
        {
            lock (_gate)
            {
                return Enumerable.Range(0, shards).All(shard => owns(shard) || _membership.OwnerOf(shard) is not null);
            }
        }
    }

    /// <summary>The life that owns a shard and can be reached; this node's own where it does.</summary>
    public string? ReachableOwnerOf(int shard, bool isConnected) => owns(shard) ? life : isConnected ? _membership.OwnerOf(shard) : null;

    /// <summary>Whether a life is this node's, or another's that is there.</summary>
    public bool IsThere(string other)
    {
        lock (_gate)
        {
            return other == life || _membership.Find(other) is not null;
        }
    }

    public void Connected(long connection) => Interlocked.Exchange(ref _connection, connection);

    public void Disconnected()
    {
        lock (_gate)
        {
            _membership.Disconnected();
        }
    }

    public Heard Hear(Heartbeat beat, TimeSpan now)
    {
        Heard heard;
        lock (_gate)
        {
            heard = _membership.Hear(beat, now);
        }

        if (heard.Joined is { } joined)
        {
            events.MemberJoined(joined.Name);
        }

        return heard;
    }

    /// <summary>The lives that are judged to be gone now.</summary>
    public IReadOnlyList<string> Judge(TimeSpan now)
    {
        IReadOnlyList<(Member Member, string How)> gone;
        lock (_gate)
        {
            gone = _membership.Judge(now);
            foreach (var (member, _) in gone)
            {
                _gone.Enqueue(member.Beat.Life);
                if (_gone.Count > GoneMax)
                {
                    _gone.Dequeue();
                }
            }
        }

        foreach (var (member, how) in gone)
        {
            events.MemberLeft(member.Beat.Name, how);
        }

        return [.. gone.Select(static one => one.Member.Beat.Life)];
    }

    /// <summary>What the node says of itself now.</summary>
    /// <param name="claims">Which shards it owns, also those that it hands over and whose locks it still holds.</param>
    public Heartbeat Heartbeat(MemberState state, Func<int, bool> claims, NodeRates rates) => new(
        life, settings.Node, settings.Url, state, Interlocked.Increment(ref _beats), Interlocked.Read(ref _connection), startedTicks, shards,
        Cluster.Heartbeat.BitsOf(shards, claims), rates);

    public OwnershipSight Look(
        MemberState state, bool isConnected, bool isDatabaseThere, ShardStanding[] standing, IReadOnlyList<ShardHolder>? holders, TimeSpan now)
    {
        lock (_gate)
        {
            var isHearing = isConnected && _membership.IsHearing(now);
            var isSettled = isHearing && _membership.IsSettled(now, holders?.Select(static holder => holder.Node));
            var fit = _membership.Others.Select(static member => member.Beat.Life).Where(_membership.IsFit).ToHashSet(StringComparer.Ordinal);
            var claims = Enumerable.Range(0, shards).Select(_membership.OwnerOf).ToArray();
            var gone = _gone.ToHashSet(StringComparer.Ordinal);
            var taking = _membership.Others.Where(static member => member.Beat.State == MemberState.Ready).Select(static member => member.Beat.Name).ToHashSet(StringComparer.Ordinal);
            var apart = _membership.Others.Where(static member => member.Beat.State == MemberState.Apart).Select(static member => member.Beat.Life).ToHashSet(StringComparer.Ordinal);
            return new OwnershipSight(
                state, isHearing, isSettled, isDatabaseThere, [.. standing], [.. _membership.ReadyOthers()], shard => claims[shard], fit.Contains, gone.Contains, holders)
            {
                MayTake = taking.Contains,
                IsApart = apart.Contains,
            };
        }
    }

    public ClusterView Describe(MemberState state, bool isReady, NodeRates rates)
    {
        lock (_gate)
        {
            var members = _membership.Others.Where(member => !_membership.IsSuperseded(member)).Select(static member => member.Beat)
                .Append(Heartbeat(state, owns, rates)).OrderBy(static beat => beat.Name, StringComparer.Ordinal).ThenBy(static beat => beat.Life, StringComparer.Ordinal);
            var owners = Enumerable.Range(0, shards)
                .Select(shard => owns(shard) ? settings.Node : _membership.OwnerOf(shard) is { } owner ? _membership.Find(owner)?.Beat.Name : null);
            return new ClusterView(settings.Node, isReady, [.. members.Select(ViewOf)], [.. owners]);
        }
    }

    private MemberView ViewOf(Heartbeat beat) => new(
        beat.Name, beat.Life, beat.Url, TextOf(beat.State), beat.StartedTicks, [.. Enumerable.Range(0, shards).Where(beat.Owns)],
        beat.Rates.DecidedPerSecond, beat.Rates.ForwardedPerSecond, beat.Rates.InFlight, beat.Rates.Lag);

    private static string TextOf(MemberState state) => state switch
    {
        MemberState.None => "",
        MemberState.Starting => "starting",
        MemberState.Ready => "ready",
        MemberState.Joining => "joining",
        MemberState.Leaving => "leaving",
        MemberState.Apart => "apart",
    };
}
