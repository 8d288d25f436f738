using System.Diagnostics;
using System.Net;
using FraudEngine.Tests.Servers;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>Nodes and servers that die, stand still and come back, under load: nothing is lost, doubled or decided otherwise than by a single node.</summary>
[Collection(Alone.Name)]
public sealed class ClusterFaultTests(SharedServers servers, ITestOutputHelper output)
{
    /// <summary>How long a shard may go without an owner after its own was killed.</summary>
    private static readonly TimeSpan GapMax = TimeSpan.FromSeconds(5);

    [ClusterFact]
    public async Task Kills_of_nodes_during_a_feed_lose_double_and_change_nothing()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3);
        await using var load = ClusterLoad.Start(cluster, seed: 11);
        var gaps = new List<TimeSpan>();
        for (var kill = 0; kill < Soak.Times(3, 10); kill++)
        {
            await UntilSentAsync(load, 1_000);
            var node = cluster.Nodes[kill % cluster.Nodes.Count];
            var shards = await cluster.ShardsOfAsync(node);
            node.Kill();
            var at = Stopwatch.GetTimestamp();
            var found = await load.Probes.GapsAsync(shards, at, TimeSpan.FromSeconds(30));
            gaps.AddRange(found);
            node.Start();
            var ready = await node.UntilReadyAsync();
            var even = await cluster.UntilEvenAsync(TimeSpan.FromSeconds(30));
            output.WriteLine(
                $"kill -9 of {node.Name} with {shards.Count} shards: gaps {Text(found)}; started again, ready after {ready.TotalSeconds:0.0} s, even {even.TotalSeconds:0.0} s later");
        }

        await UntilSentAsync(load, 1_000);
        await load.StopAsync();
        output.WriteLine($"gaps of all kills: {Text(gaps)}");
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);
        Assert.All(gaps, static gap => Assert.True(gap < GapMax, $"A shard did not answer for {gap.TotalSeconds:0.0} s."));
    }

    [ClusterFact]
    public async Task Kills_of_the_servers_stop_nobody_for_longer_than_they_are_away()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3);
        await using var load = ClusterLoad.Start(cluster, seed: 12);
        var away = TimeSpan.FromSeconds(Soak.Times(2, 5));
        for (var round = 0; round < Soak.Times(1, 3); round++)
        {
            await UntilSentAsync(load, 1_000);
            await DisturbAsync("PostgreSQL", cluster, load, servers.Database.Kill, servers.Database.StartAgainAsync, away);
            await UntilSentAsync(load, 1_000);
            await DisturbAsync("RabbitMQ", cluster, load, servers.Broker.Kill, servers.Broker.StartAgainAsync, away);
        }

        await UntilSentAsync(load, 1_000);
        await load.StopAsync();
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);
        Assert.All(cluster.Nodes, static node => Assert.False(node.HasExited, node.Output));
    }

    [ClusterFact]
    public async Task A_node_that_stands_still_writes_nothing_after_its_shards_went_elsewhere_and_takes_part_again()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3);
        await using var locks = new LockWatch(cluster.ConnectionString);
        await using var load = ClusterLoad.Start(cluster, seed: 13);
        for (var round = 0; round < Soak.Times(1, 3); round++)
        {
            await UntilSentAsync(load, 1_000);
            var node = cluster.Nodes[round % cluster.Nodes.Count];
            var shards = await cluster.ShardsOfAsync(node);
            node.Signal("STOP");
            var still = Stopwatch.GetTimestamp();
            var gaps = await load.Probes.GapsAsync(shards, still, TimeSpan.FromSeconds(30));
            await Eventually.ThatAsync(
                () => Task.FromResult(Stopwatch.GetElapsedTime(still) > TimeSpan.FromSeconds(Soak.Times(8, 30))), "it stood still for long enough", TimeSpan.FromSeconds(40));
            node.Signal("CONT");
            var even = await cluster.UntilEvenAsync(TimeSpan.FromSeconds(20));
            output.WriteLine($"SIGSTOP of {node.Name} with {shards.Count} shards: gaps {Text(gaps)}; after SIGCONT even in {even.TotalSeconds:0.0} s");
        }

        await UntilSentAsync(load, 1_000);
        await load.StopAsync();
        output.WriteLine(locks.ToString());
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);
        Assert.True(locks.Looks > 0 && locks.Moves > 0);
        Assert.Equal(0, locks.Doubles);
    }

    internal static string Text(IReadOnlyCollection<TimeSpan> gaps) =>
        gaps.Count == 0 ? "none" : FormattableString.Invariant($"{gaps.Min().TotalSeconds:0.00} to {gaps.Max().TotalSeconds:0.00} s, {gaps.Average(static gap => gap.TotalSeconds):0.00} s in the mean");

    /// <summary>Waits until the clients have sent so many more.</summary>
    internal static Task UntilSentAsync(ClusterLoad load, int more)
    {
        var enough = load.Book.Count + more;
        return Eventually.ThatAsync(
            () => Task.FromResult(load.Book.Count >= enough), () => $"{enough} were sent ({load.Book}; {string.Join("; ", load.Book.Errors.Take(3))})", TimeSpan.FromSeconds(40));
    }

    private async Task DisturbAsync(string name, RunningCluster cluster, ClusterLoad load, Action kill, Func<Task> startAgain, TimeSpan away)
    {
        var at = Stopwatch.GetTimestamp();
        var refused = load.Book.Refused;
        kill();
        try
        {
            await Eventually.ThatAsync(
                async () =>
                {
                    await AssertAnswersOrRefusesAsync(cluster);
                    return Stopwatch.GetElapsedTime(at) > away;
                },
                $"{name} was away for long enough",
                TimeSpan.FromSeconds(60));
        }
        finally
        {
            await startAgain();
        }

        var back = Stopwatch.GetTimestamp();
        var gaps = await load.Probes.GapsAsync([.. Enumerable.Range(0, cluster.Shards)], back, TimeSpan.FromSeconds(30));
        output.WriteLine(
            $"kill -9 of {name}: away for {Stopwatch.GetElapsedTime(at, back).TotalSeconds:0.0} s, {load.Book.Refused - refused} answers 503; after it was back, shards answered in {Text(gaps)}");
        await cluster.UntilEvenAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Each node lives on and refuses for the time being, says when to come again, or holds the transaction.</summary>
    private static async Task AssertAnswersOrRefusesAsync(RunningCluster cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            Assert.False(node.HasExited, node.Output);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var request = new HttpRequestMessage(HttpMethod.Post, node.Url + "/v1/transactions")
            {
                Content = new StringContent("""{"transactionId":"","accountId":"a"}""", System.Text.Encoding.UTF8, "application/json"),
            };
            using var response = await ClusterClient.SendAsync(request, patience.Token);
            Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable, response.StatusCode.ToString());
            Assert.Equal("live", await ClusterClient.TryGetAsync(node.Url + "/health/live"));
        }
    }
}
