using System.Diagnostics;
using FraudEngine.Tests.Servers;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>Nodes that come and go as planned: no client notices.</summary>
[Collection(Alone.Name)]
public sealed class ClusterMembershipTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan EvenMax = TimeSpan.FromSeconds(10);

    [ClusterFact]
    public async Task Nodes_join_and_leave_under_load_without_an_error_seen_by_a_client()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 2);
        await using var load = ClusterLoad.Start(cluster, seed: 15);
        for (var round = 0; round < Soak.Times(1, 5); round++)
        {
            await ClusterFaultTests.UntilSentAsync(load, 1_000);
            var newcomer = round == 0 ? cluster.Add() : cluster.Nodes[(round - 1) % cluster.Nodes.Count];
            var at = Stopwatch.GetTimestamp();
            newcomer.Start();
            var ready = await newcomer.UntilReadyAsync();
            var joined = await cluster.UntilEvenAsync(EvenMax);
            await ClusterFaultTests.UntilSentAsync(load, 1_000);
            var (slowestJoin, leaving) = (load.Probes.SlowestSince(at), Stopwatch.GetTimestamp());

            // The next round's newcomer; a load balancer sends it nothing from here on.
            var leaver = cluster.Nodes[round % cluster.Nodes.Count];
            var stopped = await leaver.TerminateAsync();
            var left = await cluster.UntilEvenAsync(EvenMax);
            await ClusterFaultTests.UntilSentAsync(load, 500);
            output.WriteLine(
                $"{newcomer.Name} joined: ready after {ready.TotalSeconds:0.0} s, even {joined.TotalSeconds:0.0} s later, slowest probe {slowestJoin.TotalMilliseconds:0} ms");
            output.WriteLine(
                $"{leaver.Name} left: ended after {stopped.TotalSeconds:0.0} s, even {left.TotalSeconds:0.0} s later, slowest probe {load.Probes.SlowestSince(leaving).TotalMilliseconds:0} ms; {load.Book}");
        }

        await ClusterFaultTests.UntilSentAsync(load, 1_000);
        await load.StopAsync();
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);
        Assert.Equal(0, load.Book.Refused);
        Assert.Empty(load.Book.LossReasons);
    }

    [ClusterFact]
    public async Task A_rolling_restart_of_all_workers_under_load_fails_no_request()
    {
        using var cluster = await RunningCluster.StartWorkersAsync(servers, workers: 3);
        await using var load = ClusterLoad.Start(cluster, seed: 16);
        var port = cluster.Nodes[0];
        for (var round = 0; round < Soak.Times(1, 3); round++)
        {
            await ClusterFaultTests.UntilSentAsync(load, 1_000);
            var before = (await ClusterClient.TryGetStateAsync(port.Url))!.Lives;
            var at = Stopwatch.GetTimestamp();
            port.Restart();
            var took = await Eventually.ThatAsync(
                async () => await ClusterClient.TryGetStateAsync(port.Url) is { } state && state.Lives.Count == before.Count && !state.Lives.Values.Intersect(before.Values).Any(),
                $"all workers were restarted. They printed: {port.Output}",
                TimeSpan.FromSeconds(90));
            var even = await cluster.UntilEvenAsync(TimeSpan.FromSeconds(20));
            output.WriteLine($"rolling restart of {before.Count} workers in {took.TotalSeconds:0.0} s, even {even.TotalSeconds:0.0} s later, slowest probe {load.Probes.SlowestSince(at).TotalMilliseconds:0} ms; {load.Book}");
        }

        await ClusterFaultTests.UntilSentAsync(load, 1_000);
        await load.StopAsync();
        await JournalAudit.CheckAsync(cluster, load.Book, output.WriteLine);

        // A client that sends again what was answered 503 sees no other failure.
        Assert.Empty(load.Book.LossReasons);
    }
}
