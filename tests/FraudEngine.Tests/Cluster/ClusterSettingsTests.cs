using System.Globalization;
using System.Net;
using System.Text.Json;
using FraudEngine.Tests.Scoring;
using FraudEngine.Tests.Servers;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>What all nodes have in common: rules, lists, models, alerts, the number of shards.</summary>
[Collection(Alone.Name)]
public sealed class ClusterSettingsTests(SharedServers servers, ITestOutputHelper output) : IDisposable
{
    private const int Alerts = 60;
    private static readonly TimeSpan InForceMax = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private int _transactions;

    [ClusterFact]
    public async Task What_is_put_on_one_node_is_in_force_on_all()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3, rules: _folder.Write("plain.yaml", Rules(1, "amount > 1000")));
        await UntilAllDecideAsync(cluster, "approve", "plain@1");

        await PutAsync(cluster.Nodes[0], "/v1/rules", Rules(2, "amount > 10"), "application/yaml");
        var rules = await UntilAllDecideAsync(cluster, "decline", "plain@2");

        // Made on one node, and named at once by rules that are put on another.
        await PutAsync(cluster.Nodes[1], "/v1/lists/blocked", """{"entries":["M-1"]}""");
        await PutAsync(cluster.Nodes[2], "/v1/rules", Rules(3, "merchantId in list(\\\"blocked\\\")"), "application/yaml");
        await UntilAllDecideAsync(cluster, "decline", "plain@3");
        await PutAsync(cluster.Nodes[0], "/v1/lists/blocked", """{"entries":["M-2"]}""");
        var list = await UntilAllDecideAsync(cluster, "approve", "plain@3");

        var trees = ModelJson.Of(1, new Leaf(4, 10)).ToJsonString();
        var config = JsonSerializer.Serialize("name: high\nversion: 1\ntrees: high.json\nscore: model\nfeatures:\n  - { name: f0, value: amount }\n");
        await PutAsync(cluster.Nodes[1], "/v1/model", $$"""{"config":{{config}},"trees":{{trees}}}""");
        var model = await UntilAllDecideAsync(cluster, "decline", "plain@3");
        output.WriteLine($"in force on all nodes: rules after {rules.TotalMilliseconds:0} ms, a list after {list.TotalMilliseconds:0} ms, a model after {model.TotalMilliseconds:0} ms");
    }

    [ClusterFact]
    public async Task A_node_with_another_number_of_shards_does_not_start()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 1, shards: 16);
        var other = cluster.Add();
        other.Start("--Engine:Shards", "32");
        var printed = await other.ExitAsync();
        Assert.Contains("can't start", printed, StringComparison.Ordinal);
        Assert.Contains("Engine:Shards", printed, StringComparison.Ordinal);
        Assert.Contains("16", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("pw-of-the-test", printed, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Alerts_reach_the_subscribers_of_every_node_and_one_goes_on_at_another_without_loss_or_double()
    {
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3, rules: _folder.Write("plain.yaml", Rules(1, "amount > 10")));
        await using var first = new AlertListener(cluster.Nodes[0].Url);
        await using var second = new AlertListener(cluster.Nodes[1].Url);
        await using var third = new AlertListener(cluster.Nodes[2].Url);
        await Task.WhenAll(first.UntilListeningAsync(), second.UntilListeningAsync(), third.UntilListeningAsync());

        await RaiseAsync(cluster);
        await Eventually.ThatAsync(() => first.Ids.Count >= Alerts && third.Ids.Count >= Alerts && second.Ids.Count >= Alerts / 2, "the alerts came");
        await second.DisposeAsync();
        var seen = second.Ids;
        await RaiseAsync(cluster);
        await using var resumed = new AlertListener(cluster.Nodes[2].Url, seen[^1]);
        await RaiseAsync(cluster);
        await Eventually.ThatAsync(
            () => first.Ids.Count >= 3 * Alerts && third.Ids.Count >= 3 * Alerts && seen.Count + resumed.Ids.Count >= 3 * Alerts,
            $"all alerts came, not {first.Ids.Count}, {third.Ids.Count}, and {seen.Count} and {resumed.Ids.Count}");
        Assert.Equal(3 * Alerts, first.Ids.Distinct().Count());
        Assert.Equal(first.Ids, third.Ids);
        Assert.Equal(first.Ids, [.. seen, .. resumed.Ids]);
    }

    public void Dispose() => _folder.Dispose();

    private static string Rules(int version, string condition) => $$"""
        name: plain
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: hit, when: "{{condition}}", score: 0.9, text: Looks wrong }
        """;

    private static async Task PutAsync(NodeProcess node, string path, string body, string mediaType = "application/json")
    {
        using var response = await ClusterClient.SendAsync(HttpMethod.Put, node.Url + path, body, mediaType);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Waits until each node, asked for an account of each shard, decides so, on whatever node that account is.</summary>
    private async Task<TimeSpan> UntilAllDecideAsync(RunningCluster cluster, string outcome, string ruleSet)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var node in cluster.Nodes)
        {
            var answers = new List<(string? Outcome, string? RuleSet)>();
            await Eventually.ThatAsync(
                async () =>
                {
                    answers = [.. await Task.WhenAll(Enumerable.Range(0, cluster.Shards).Select(shard => DecideAsync(node, ShardProbes.AccountOf(shard, cluster.Shards))))];
                    return answers.TrueForAll(answer => answer == (outcome, ruleSet));
                },
                $"{node.Name} decided {outcome} by {ruleSet}",
                InForceMax);
        }

        return watch.Elapsed;
    }

    private async Task<(string? Outcome, string? RuleSet)> DecideAsync(NodeProcess node, string account)
    {
        var id = Interlocked.Increment(ref _transactions).ToString(CultureInfo.InvariantCulture);
        using var response = await ClusterClient.SendAsync(
            HttpMethod.Post, node.Url + "/v1/transactions",
            $$"""{"transactionId":"{{id}}","accountId":"{{account}}","timestamp":"2026-03-01T12:00:00Z","amount":20,"currency":"EUR","merchantId":"M-1"}""");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        using var decision = JsonDocument.Parse(body);
        return (decision.RootElement.GetProperty("outcome").GetString(), decision.RootElement.GetProperty("ruleSet").GetString());
    }

    /// <summary>Transactions on all shards, to all nodes at once, each of which raises an alert.</summary>
    private async Task RaiseAsync(RunningCluster cluster) => await Task.WhenAll(
        Enumerable.Range(0, Alerts).Select(i => DecideAsync(cluster.Nodes[i % cluster.Nodes.Count], ShardProbes.AccountOf(i % cluster.Shards, cluster.Shards))));
}
