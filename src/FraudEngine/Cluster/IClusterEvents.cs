namespace FraudEngine.Cluster;

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
