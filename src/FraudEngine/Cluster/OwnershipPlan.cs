using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>
/// What a node must do about shards: take, hand over, or end the session of a holder that is gone. Decides from what is seen now; what it remembers is only since when
/// a holder has been none that may hold. Acts on nothing while the node does not know who is there.
/// </summary>
internal sealed class OwnershipPlan(int shards, string node, string life, TimeSpan silenceMax)
{
    private Dictionary<(int Shard, int Session, long Since), TimeSpan> _unfitSince = [];
    private string[] _placedAmong = [];
    private string?[] _placed = new string?[shards];

    /// <summary>Where the shards should be, as decided last.</summary>
    public IReadOnlyList<string?> Placed => _placed;

    /// <summary>Whether this node must know who holds what: it has just come, or there is a shard that it should take.</summary>
    public bool MustKnowHolders(OwnershipSight sight)
    {
        if (!sight.IsConnected || !sight.IsDatabaseThere || sight.State != MemberState.Ready)
        {
            return false;
        }

        // Where it is known who holds what, a node that has just come needs not listen for so long before it acts.
        Place(sight);
        return !sight.IsSettled || Enumerable.Range(0, shards).Any(shard => IsWanted(sight, shard));
    }

    public IReadOnlyList<ShardAction> Decide(OwnershipSight sight, TimeSpan now)
    {
        var actions = new List<ShardAction>();
        if (!sight.IsSettled || !sight.IsDatabaseThere)
        {
            return actions;
        }

        Place(sight);
        var holders = sight.Holders?.GroupBy(static holder => holder.Shard).ToDictionary(static group => group.Key, static group => group.First());
        var unfit = new Dictionary<(int, int, long), TimeSpan>();
        var evicted = new HashSet<(int, long)>();
        for (var shard = 0; shard < shards; shard++)
        {
            if (sight.Standing[shard] == ShardStanding.Owned && _placed[shard] is { } other && other != node && sight.MayTake(other))
            {
                actions.Add(new ShardAction(ShardStep.HandOver, shard, null));
            }
            else if (IsWanted(sight, shard) && holders is not null)
            {
                if (!holders.TryGetValue(shard, out var holder) || holder.Node == life)
                {
                    actions.Add(new ShardAction(ShardStep.Take, shard, null));
                }

                if (holder is not null && IsOverdue(sight, holder, unfit, now) && evicted.Add((holder.Session, holder.SinceTicks)))
                {
                    actions.Add(new ShardAction(ShardStep.Evict, shard, holder));
                }
            }
        }

        _unfitSince = unfit;
        return actions;
    }

    /// <summary>Whether a shard is to be here, is not, and nobody who may own it says that it does.</summary>
    private bool IsWanted(OwnershipSight sight, int shard) =>
        sight.State == MemberState.Ready && sight.Standing[shard] == ShardStanding.None && _placed[shard] == node
        && !(sight.OwnerOf(shard) is { } owner && sight.IsFit(owner));

    /// <summary>Whether a holder has been for long enough one that may not hold. One that was there and fell silent has been so already; one that says itself that it can't reach the database has given its session up.</summary>
    private bool IsOverdue(OwnershipSight sight, ShardHolder holder, Dictionary<(int, int, long), TimeSpan> unfit, TimeSpan now)
    {
        if (sight.IsFit(holder.Node))
        {
            return false;
        }

        if (sight.WasThere(holder.Node) || sight.IsApart(holder.Node))
        {
            return true;
        }

        var key = (holder.Shard, holder.Session, holder.SinceTicks);
        var since = _unfitSince.GetValueOrDefault(key, now);
        unfit[key] = since;
        return now - since >= silenceMax;
    }

    private void Place(OwnershipSight sight)
    {
        string[] among = [.. sight.ReadyOthers.Concat(sight.State == MemberState.Ready ? [node] : Array.Empty<string>()).Order(StringComparer.Ordinal)];
        if (!among.AsSpan().SequenceEqual(_placedAmong))
        {
            _placedAmong = among;
            _placed = Placement.Of(shards, among);
        }
    }
}

/// <summary>What a node sees when it decides about shards.</summary>
/// <param name="State">Its own.</param>
/// <param name="IsConnected">To the broker, and heard over it.</param>
/// <param name="IsSettled">Whether it has heard for long enough who is there.</param>
/// <param name="Standing">By shard.</param>
/// <param name="ReadyOthers">Names of the other nodes that take part.</param>
/// <param name="OwnerOf">The life that says that it owns a shard; null where none does.</param>
/// <param name="IsFit">Whether a life may hold shards.</param>
/// <param name="WasThere">Whether a life was a member and was judged to be gone.</param>
/// <param name="Holders">Who holds what in the database; null where that was not asked.</param>
internal sealed record OwnershipSight(
    MemberState State, bool IsConnected, bool IsSettled, bool IsDatabaseThere, IReadOnlyList<ShardStanding> Standing, IReadOnlyCollection<string> ReadyOthers,
    Func<int, string?> OwnerOf, Func<string, bool> IsFit, Func<string, bool> WasThere, IReadOnlyList<ShardHolder>? Holders)
{
    /// <summary>Whether another node, by its name, takes what is handed over to it; else it is kept so long.</summary>
    public Func<string, bool> MayTake { get; init; } = static _ => true;

    /// <summary>Whether a life says that it can't reach the database.</summary>
    public Func<string, bool> IsApart { get; init; } = static _ => false;
}

/// <summary>How a shard stands to this node.</summary>
internal enum ShardStanding
{
    /// <summary>It is not this node's.</summary>
    None,

    Owned,

    Taking,

    HandingOver,

    /// <summary>Its lock is gone, or was never good; it is being given up.</summary>
    GivingUp,
}

internal enum ShardStep
{
    None,
    Take,
    HandOver,
    Evict,
}

/// <param name="Holder">Whom to evict.</param>
internal readonly record struct ShardAction(ShardStep Step, int Shard, ShardHolder? Holder);
