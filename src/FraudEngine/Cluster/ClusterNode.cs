using FraudEngine.Engine;
using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>One node's part in the cluster: it says that it is there, takes the shards that are its own, and forwards what belongs to others.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>Opens the connection and sets <see cref="DecisionEngine.Remote"/>; takes no shard before <see cref="Join"/>.</summary>
    /// <param name="life">The id of the node's present life: the name of the sessions that hold its shards.</param>
    public ClusterNode(ClusterSettings settings, string life, Uri broker, DecisionEngine engine, ISharedJournal journal, TimeProvider clock, IClusterEvents events)
    {
        throw new NotImplementedException();
    }

    /// <summary>Called when another node, or this one, says that there is something new. From any thread; must return at once and not throw.</summary>
    public Action<News>? Heard { get; set; }

    /// <summary>Whether the node can handle what comes: broker and database are there, and it sees owners of all shards.</summary>
    public bool IsReady => throw new NotImplementedException();

    /// <summary>Begins to take shards.</summary>
    public void Join() => throw new NotImplementedException();

    /// <summary>Hands all shards over and ends when others own them, or there is nobody else, or it takes too long.</summary>
    public Task LeaveAsync(TimeSpan waitMax) => throw new NotImplementedException();

    /// <summary>Says to all nodes that there is something new. Many of a kind within a few milliseconds go as one.</summary>
    public void Tell(News news) => throw new NotImplementedException();

    public ClusterView Describe() => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>What there is something new of.</summary>
public enum News
{
    None,

    /// <summary>Alerts were stored.</summary>
    Alerts,

    /// <summary>Rule sets, models, lists or shadows were changed.</summary>
    Settings,
}

/// <summary>Hears what an operator must know. From any thread; must be quick and must not throw.</summary>
public interface IClusterEvents
{
    void MemberJoined(string node);

    void MemberLeft(string node, string how);

    /// <summary>Shards were taken, handed over or lost.</summary>
    void ShardsChanged(int owned, int taken, int given);

    /// <summary>The session of a node that is silent was ended, so that its shards are free.</summary>
    void HolderEvicted(string life, int shard);

    void DatabaseLost();

    void BrokerLost(string reason);

    void BrokerFound();
}
