using System.Diagnostics;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>A node that is cut off from the database, from the broker, or from both.</summary>
[Collection(Alone.Name)]
public sealed class ClusterNetworkTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FeedOnMax = TimeSpan.FromSeconds(20);

    [NetworkFact]
    public async Task A_node_that_is_cut_off_never_writes_beside_another_and_everything_feeds_on()
    {
        using var network = new NodeNetwork();
        using var servers = await SharedServers.StartOnAsync(network.DatabaseAddress, network.BrokerAddress, network.Subnet);
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3, network: network);
        await using var locks = new LockWatch(cluster.ConnectionString);
        await using var load = ClusterLoad.Start(cluster, seed: 14);
        var all = Enumerable.Range(0, cluster.Shards).ToList();
        (string Name, bool Database, bool Broker)[] cuts = [("the database", true, false), ("the broker", false, true), ("both", true, true)];
        for (var i = 0; i < cuts.Length; i++)
        {
            await ClusterFaultTests.UntilSentAsync(load, 1_000);
            var node = cluster.Nodes[i];
            var shards = await cluster.ShardsOfAsync(node);

            // Streams still go to it, and are held or refused there; whether the shards answer is asked at the other nodes.
            node.IsProbed = false;
            var at = Stopwatch.GetTimestamp();
            network.Cut(i, cuts[i].Database, cuts[i].Broker);
            var gaps = await load.Probes.GapsAsync(all, at, FeedOnMax);
            await Eventually.ThatAsync(
                () => Task.FromResult(Stopwatch.GetElapsedTime(at) > TimeSpan.FromSeconds(Soak.Times(5, 30))), "the cable was out for long enough", TimeSpan.FromSeconds(60));
            var healed = Stopwatch.GetTimestamp();
            network.Heal(i);
            node.IsProbed = true;
            var even = await cluster.UntilEvenAsync(FeedOnMax);
            var after = await load.Probes.GapsAsync(all, healed, FeedOnMax);
            output.WriteLine(
                $"{node.Name} with {shards.Count} shards cut off from {cuts[i].Name}: shards answered in {ClusterFaultTests.Text(gaps)}; healed: even in {even.TotalSeconds:0.0} s, answered in {ClusterFaultTests.Text(after)}");
        }

        await ClusterFaultTests.UntilSentAsync(load, 1_000);
        await load.StopAsync();
        output.WriteLine(locks.ToString());
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);
        Assert.True(locks.Looks > 0 && locks.Moves > 0);
        Assert.Equal(0, locks.Doubles);
    }
}
