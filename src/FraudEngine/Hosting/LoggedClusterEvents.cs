using FraudEngine.Cluster;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Logs what happens in the cluster.</summary>
internal sealed class LoggedClusterEvents(ILogger log) : IClusterEvents
{
    /// <summary>Called whenever other shards are the node's.</summary>
    public Action? Owned { get; init; }

    public void MemberJoined(string node) => log.MemberJoined(node);

    public void MemberLeft(string node, string how) => log.MemberLeft(node, how);

    public void ShardsChanged(int owned, int taken, int given)
    {
        log.ShardsChanged(owned, taken, given);
        Owned?.Invoke();
    }

    public void HolderEvicted(string life, int shard) => log.HolderEvicted(life, shard);

    public void DatabaseLost() => log.DatabaseLost();

    public void BrokerLost(string reason) => log.BrokerLost(reason);

    public void BrokerFound() => log.BrokerFound();
}
