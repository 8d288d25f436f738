namespace FraudEngine.Cluster;

/// <summary>
/// Who is there and who owns what, as this node hears it. Only the times at which this node heard something count, never the clock of another. A pure state machine;
/// whoever uses it has a lock around it.
/// <para>
/// A node can take another for gone only while it hears itself: what it says goes to itself over the broker too. So a broker that stands still, a connection that is
/// cut off, or a process that was stopped for a while makes nobody judge the others.
/// </para>
/// </summary>
internal sealed class Membership(string node, string life, int shards, ClusterSettings settings)
{
    private static readonly TimeSpan SettleMargin = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly string?[] _owners = new string?[shards];
    private TimeSpan _heardSelf = -TimeSpan.FromDays(1);
    private TimeSpan? _hearingSince;

    /// <summary>The others that are there, whatever their state.</summary>
    public IReadOnlyCollection<Member> Others => _members.Values;

    public Member? Find(string life) => _members.GetValueOrDefault(life);

    /// <summary>The life that says that it owns a shard, of another node; null where none does.</summary>
    public string? OwnerOf(int shard) => _owners[shard];

    /// <summary>Whether what is said reaches this node now.</summary>
    public bool IsHearing(TimeSpan now) => _hearingSince is not null && now - _heardSelf < settings.SilenceMax / 2;

    /// <summary>The connection to the broker is gone: nobody is heard, so nobody is judged.</summary>
    public void Disconnected() => _hearingSince = null;

    /// <summary>
    /// Whether it has listened for so long that whoever is there was heard. Where every holder of a shard is known, or there is none, nobody can be taken for gone who is
    /// not; then a shorter time is enough.
    /// </summary>
    /// <param name="holders">Lives that hold shards; null where the database was not asked.</param>
    public bool IsSettled(TimeSpan now, IEnumerable<string>? holders)
    {
        if (_hearingSince is not { } since || !IsHearing(now))
        {
            return false;
        }

        return now - since >= settings.SilenceMax + SettleMargin
            || (now - since >= 2 * settings.HeartbeatInterval && holders is not null && holders.All(holder => holder == life || _members.ContainsKey(holder)));
    }

    /// <summary>Takes what a node says. Returns what changed with it.</summary>
    public Heard Hear(Heartbeat beat, TimeSpan now)
    {
        if (beat.Life == life)
        {
            HearSelf(now);
            return Heard.Nothing;
        }

        if (beat.Shards != shards)
        {
            return Heard.Nothing;
        }

        var known = _members.GetValueOrDefault(beat.Life);
        if (known is not null && beat.Number <= known.Beat.Number)
        {
            return Heard.Nothing;
        }

        var member = new Member(beat, now, known?.Beat.State == beat.State ? known.StateSince : now);
        _members[beat.Life] = member;
        var ownersChanged = false;
        for (var shard = 0; shard < shards; shard++)
        {
            var owns = beat.Owns(shard);
            if (owns != (known?.Beat.Owns(shard) ?? false))
            {
                ownersChanged = true;

                // Who says so last took it last.
                _owners[shard] = owns ? beat.Life : _owners[shard] == beat.Life ? ClaimantOf(shard) : _owners[shard];
            }
        }

        return new Heard(
            known is null ? beat : null,
            ownersChanged || known?.Beat.State != beat.State,
            known is not null && known.Beat.Connection != beat.Connection);
    }

    /// <summary>Drops those that were silent for too long, or have a newer life, and returns them.</summary>
    public IReadOnlyList<(Member Member, string How)> Judge(TimeSpan now)
    {
        if (_hearingSince is not { } since || !IsHearing(now))
        {
            return [];
        }

        var gone = new List<(Member Member, string How)>();
        foreach (var member in _members.Values)
        {
            if (now - (member.HeardAt > since ? member.HeardAt : since) > settings.SilenceMax)
            {
                gone.Add((member, IsSuperseded(member) ? "restarted" : member.Beat.State == MemberState.Leaving ? "left" : "silent"));
            }
        }

        foreach (var (member, _) in gone)
        {
            _members.Remove(member.Beat.Life);
            for (var shard = 0; shard < shards; shard++)
            {
                if (_owners[shard] == member.Beat.Life)
                {
                    _owners[shard] = ClaimantOf(shard);
                }
            }
        }

        return gone;
    }

    /// <summary>Whether another life of the same name has begun since. Two of them never count at once.</summary>
    public bool IsSuperseded(Member member) =>
        _members.Values.Any(other => other.Beat.Name == member.Beat.Name && IsNewer(other.Beat.StartedTicks, other.Beat.Life, member.Beat.StartedTicks, member.Beat.Life));

    /// <summary>Whether this node itself must stand back because a newer life has its name.</summary>
    public bool IsSelfSuperseded(long startedTicks) =>
        _members.Values.Any(other => other.Beat.Name == node && IsNewer(other.Beat.StartedTicks, other.Beat.Life, startedTicks, life));

    /// <summary>Whether a life may hold shards: it is there, and takes part.</summary>
    public bool IsFit(string holder) =>
        _members.TryGetValue(holder, out var member) && member.Beat.State is MemberState.Ready or MemberState.Joining or MemberState.Leaving or MemberState.Starting && !IsSuperseded(member) && !IsOwnFormerLife(member);

    /// <summary>The names of the other nodes among which shards are placed.</summary>
    public IEnumerable<string> ReadyOthers() =>
        _members.Values.Where(member => member.Beat.State is MemberState.Ready or MemberState.Joining && !IsSuperseded(member) && member.Beat.Name != node).Select(static member => member.Beat.Name);

    private static bool IsNewer(long startedA, string lifeA, long startedB, string lifeB) =>
        startedA != startedB ? startedA > startedB : string.CompareOrdinal(lifeA, lifeB) > 0;

    private bool IsOwnFormerLife(Member member) => member.Beat.Name == node;

    private string? ClaimantOf(int shard) => _members.Values.FirstOrDefault(member => member.Beat.Owns(shard))?.Beat.Life;

    private void HearSelf(TimeSpan now)
    {
        if (!IsHearing(now))
        {
            _hearingSince = now;
        }

        _heardSelf = now;
    }
}

/// <summary>Another node, as it was heard last.</summary>
/// <param name="StateSince">When it was first heard in its present state.</param>
internal sealed record Member(Heartbeat Beat, TimeSpan HeardAt, TimeSpan StateSince);

/// <summary>What came of a heartbeat.</summary>
/// <param name="Joined">It was heard for the first time.</param>
/// <param name="IsChange">Its state, or what it owns, changed.</param>
/// <param name="IsReconnect">What was under way to it is lost.</param>
internal readonly record struct Heard(Heartbeat? Joined, bool IsChange, bool IsReconnect)
{
    public static Heard Nothing => default;
}
