using System.Globalization;
using FraudEngine.Tests.Cluster;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Servers;
using Microsoft.AspNetCore.Http;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>Two nodes on one journal: one of them delivers the alerts of both, and the other goes on when it is killed.</summary>
[Collection(Alone.Name)]
public sealed class ClusterDeliveryTests(SharedServers servers) : IDisposable
{
    private const int PerRound = 300;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [ClusterFact]
    public async Task One_node_delivers_and_another_goes_on_when_it_is_killed()
    {
        await using var receiver = await Receiver.StartAsync();
        var rules = _folder.PathOf("rules.yaml");
        await File.WriteAllTextAsync(rules, RunningEngine.Rules);
        using var cluster = await RunningCluster.StartAsync(
            servers, nodes: 2, shards: 4, rules, network: null, "--Webhooks:AllowPrivate", "true", "--Webhooks:Endpoints:bank:Url", receiver.Url,
            "--Webhooks:Endpoints:bank:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var first = await DelivererAsync(cluster);
        var raised = await RaiseAsync(cluster, 0);
        await Eventually.ThatAsync(() => Task.FromResult(receiver.Count == PerRound), "the alerts of both nodes have arrived", TimeSpan.FromSeconds(30));
        Assert.Equal(PerRound, receiver.All.Count);

        // Killed with messages under way.
        receiver.Answer = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        raised.AddRange(await RaiseAsync(cluster, PerRound));
        await Eventually.ThatAsync(() => Task.FromResult(receiver.All.Count > PerRound), "messages are under way", TimeSpan.FromSeconds(30));
        receiver.Answer = static context =>
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return Task.CompletedTask;
        };
        first.Kill();
        var second = await DelivererAsync(cluster);
        Assert.NotSame(first, second);
        await Eventually.ThatAsync(() => Task.FromResult(receiver.Count == 2 * PerRound), "the alerts have arrived", TimeSpan.FromSeconds(60));
        Assert.Equal(raised.Order(), receiver.Accepted.Select(static received => received.Id).Distinct().Order());
        foreach (var account in receiver.Accepted.GroupBy(static received => received.Account))
        {
            var order = account.OrderBy(static received => received.Order).Select(static received => received.Transaction).Distinct().ToList();
            Assert.Equal(order.Order(StringComparer.Ordinal), order);
        }
    }

    /// <summary>Half of them by way of each node that serves.</summary>
    private async Task<List<string>> RaiseAsync(RunningCluster cluster, int from)
    {
        var ids = new List<string>();
        foreach (var (node, part) in cluster.Serving.Zip([0, 1]))
        {
            var lines = Enumerable.Range(from, PerRound).Where(i => i % 2 == part)
                .Select(i => Tx.Json($"a{i % 20}", $"t{i.ToString("D5", CultureInfo.InvariantCulture)}", ("amount", "1000")));
            using var content = new StringContent(string.Join('\n', lines));
            content.Headers.ContentType = new("application/x-ndjson");
            using var response = await _client.PostAsync(new Uri(node.Url + "/v1/transactions"), content);
            var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            ids.AddRange(answers.Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("alertId").GetString()!));
        }

        return ids;
    }

    /// <summary>The only node that says it delivers.</summary>
    private async Task<NodeProcess> DelivererAsync(RunningCluster cluster)
    {
        List<NodeProcess> found = [];
        await Eventually.ThatAsync(
            async () =>
            {
                found = [];
                foreach (var node in cluster.Nodes.Where(static node => !node.HasExited))
                {
                    var webhooks = await _client.GetStringAsync(new Uri(node.Url + "/v1/webhooks"));
                    found.AddRange(webhooks.Contains("\"elsewhere\"", StringComparison.Ordinal) ? [] : [node]);
                }

                return found.Count == 1;
            },
            "one node delivers", TimeSpan.FromSeconds(30));
        return found[0];
    }
}
