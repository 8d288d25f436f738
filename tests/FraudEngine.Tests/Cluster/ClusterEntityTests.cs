using System.Globalization;
using System.Net;
using FraudEngine.Tests.Servers;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>Windows over a terminal, whichever nodes its transactions come to and wherever their accounts and the terminal are.</summary>
[Collection(Alone.Name)]
public sealed class ClusterEntityTests(SharedServers servers, ITestOutputHelper output) : IDisposable
{
    private const string Rules = """
        name: busy-terminal
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: busy, when: "count(terminal, 1h) > 20", score: 0.9, text: Many payments here within an hour }
        """;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    [ClusterFact]
    public async Task A_terminal_s_window_is_exact_when_each_transaction_comes_to_another_node()
    {
        // Longer than a shard is without an owner after a kill: none may be decided without its terminal.
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3, rules: _folder.Write("busy.yaml", Rules), options: ["--Engine:EntityTimeout", "00:00:20"]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (terminals, each) = (Soak.Times(8, 40), Soak.Times(40, 100));
        await Task.WhenAll(Enumerable.Range(0, terminals).Select(terminal => VisitAsync(cluster, terminal, 0, each)));
        output.WriteLine($"{terminals * each} transactions, {terminals} at a time, in {watch.Elapsed.TotalSeconds:0.0} s");

        // What the terminals remember outlives the node that kept it.
        cluster.Nodes[1].Kill();
        await Task.WhenAll(Enumerable.Range(0, terminals).Select(terminal => VisitAsync(cluster, terminal, each, 10)));
        await AssertExactAsync(cluster, terminals, each + 10);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Sends one transaction after the other at a terminal, each of another account and to another node.</summary>
    private static async Task VisitAsync(RunningCluster cluster, int terminal, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var at = Start.AddSeconds(i).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var line = $$"""{"transactionId":"t{{terminal}}-{{i}}","accountId":"a-{{(i * 7) + terminal}}","timestamp":"{{at}}","amount":10,"currency":"EUR","terminalId":"T{{terminal}}"}""";
            var turn = i + terminal;
            await Eventually.ThatAsync(async () => await IsDecidedAsync(cluster, line, turn++, isBusy: i >= 20), $"{line} was decided", TimeSpan.FromSeconds(30));
        }
    }

    private static async Task<bool> IsDecidedAsync(RunningCluster cluster, string line, int turn, bool isBusy)
    {
        var serving = cluster.Serving;
        try
        {
            using var response = await ClusterClient.SendAsync(HttpMethod.Post, serving[turn % serving.Count].Url + "/v1/transactions", line);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return false;
            }

            var decision = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.OK, decision);
            Assert.True(decision.Contains(isBusy ? "\"decline\"" : "\"approve\"", StringComparison.Ordinal), $"{line}: {decision}");
            return true;
        }
        catch (Exception reason) when (ClusterClient.IsLoss(reason))
        {
            return false;
        }
    }

    /// <summary>Each decision counted the transactions at its terminal up to itself, as the values say that were stored with it.</summary>
    private static async Task AssertExactAsync(RunningCluster cluster, int terminals, int each)
    {
        var stored = await StoredEntries.ReadAsync(cluster.ConnectionString);
        Assert.Equal(terminals * each, stored.Count);
        var wrong = new List<string>();
        foreach (var (account, entries) in stored.Accounts)
        {
            foreach (var (sequence, bytes) in entries)
            {
                var decided = StoredEntries.Decode(account, sequence, bytes);
                var id = StoredEntries.TransactionIdOf(account, bytes);
                var expected = int.Parse(id.Split('-')[1], CultureInfo.InvariantCulture) + 1;
                var counted = decided.Features.Values.ToArray().Select(static value => value.Number).ToList();
                if (counted is not [var only] || only != expected || decided.Decision.Unanswered != 0)
                {
                    wrong.Add($"{id} counted {string.Join(' ', counted)}, not {expected}; unanswered: {decided.Decision.Unanswered}.");
                }
            }
        }

        Assert.Empty(wrong.Take(20));
    }
}
