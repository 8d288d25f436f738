using System.Text.Json;

namespace FraudEngine.Tests.TransactionFeed;

[Collection(Alone.Name)]
public sealed class LoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--mode closed --format json --connections 4")]
    [InlineData("--mode open --format json --connections 4 --rate 500")]
    [InlineData("--mode closed --format ndjson --streams 2")]
    [InlineData("--mode open --format ndjson --streams 2 --rate 500")]
    public async Task Every_transaction_sent_is_valid_and_decided(string options)
    {
        await using var server = await ContractServer.StartAsync();
        server.Ledger.KeepsLines = true;

        Assert.Equal(0, await RunAsync(server, options, duration: "1s"));

        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.PathOf("load.json")));
        Assert.True(result.RootElement.GetProperty("decisions").GetInt64() > 0);
        Assert.True(result.RootElement.GetProperty("errors").GetInt64() == 0, _feed.Results);
        Assert.Equal(0, result.RootElement.GetProperty("unanswered").GetInt64());
        Assert.Contains("decisions/s", _feed.Results);
        AssertIdsAreUniqueAndTimesAscend(server);
    }

    [Fact]
    public async Task An_open_load_sends_by_its_schedule()
    {
        await using var server = await ContractServer.StartAsync();

        await RunAsync(server, "--mode open --rate 400 --connections 4", warmup: "100ms");

        // 600 ms of them, of which the last may not be due.
        Assert.InRange(server.Ledger.Order.Count, 239, 241);
    }

    [Fact]
    public async Task Idle_subscribers_are_held_and_counted()
    {
        await using var server = await ContractServer.StartAsync();

        Assert.Equal(0, await RunAsync(server, "--mode idle --subscribers 60"));

        Assert.Equal(60, server.Alerts.Connections.Count);
        Assert.Contains("60 idle subscribers", _feed.Results);
    }

    [Fact]
    public async Task The_accounts_of_another_run_are_used_again_at_the_event_times_that_are_asked_for()
    {
        await using var server = await ContractServer.StartAsync();
        server.Ledger.KeepsLines = true;
        var before = TimeProvider.System.GetUtcNow();

        Assert.Equal(0, await RunAsync(server, "--format ndjson --streams 2 --accounts-of history --first-account 500 --events-from 2d --events-until 1d"));

        Assert.NotEmpty(server.Ledger.Lines);
        foreach (var line in server.Ledger.Lines)
        {
            using var json = JsonDocument.Parse(line);
            var account = json.RootElement.GetProperty("accountId").GetString()!;
            Assert.StartsWith("Lhistory-", account, StringComparison.Ordinal);
            Assert.InRange(int.Parse(account["Lhistory-".Length..], System.Globalization.CultureInfo.InvariantCulture), 500, 549);
            Assert.DoesNotContain("history", json.RootElement.GetProperty("transactionId").GetString()!, StringComparison.Ordinal);
            Assert.InRange(json.RootElement.GetProperty("timestamp").GetDateTimeOffset(), before.AddDays(-2).AddSeconds(-1), before.AddDays(-1).AddMinutes(5));
        }
    }

    [Fact]
    public async Task Event_times_that_end_before_they_begin_are_refused()
    {
        await using var server = await ContractServer.StartAsync();

        Assert.Equal(2, await RunAsync(server, "--connections 2 --events-from 1d --events-until 1d"));

        Assert.Contains("--events-from must be longer ago than --events-until.", _feed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_senders_than_accounts_are_refused()
    {
        await using var server = await ContractServer.StartAsync();

        Assert.Equal(2, await RunAsync(server, "--connections 4", accounts: 3));

        Assert.Contains("--accounts is 3; it must be at least the number of connections or streams, 4.", _feed.Messages);
    }

    [Fact]
    public async Task Interrupted_it_reports_what_it_has()
    {
        await using var server = await ContractServer.StartAsync();
        using var stop = new CancellationTokenSource();

        var run = _feed.RunAsync(["load", "--to", server.Url, "--warmup", "0s", "--duration", "1h", "--connections", "2"], stop.Token);
        await Eventually.ThatAsync(() => server.Ledger.Order.Count > 10, "ten transactions had come");
        await stop.CancelAsync();

        Assert.Equal(130, await run);
        Assert.Contains("latency p50", _feed.Results);
    }

    private Task<int> RunAsync(ContractServer server, string options, string warmup = "0s", string duration = "500ms", int accounts = 50) => _feed.RunAsync(
        ["load", "--to", server.Url, "--duration", duration, "--warmup", warmup, "--accounts", $"{accounts}", "--json", _folder.PathOf("load.json"), .. options.Split(' ')]);

    private static void AssertIdsAreUniqueAndTimesAscend(ContractServer server)
    {
        var ids = new HashSet<string>();
        var last = new Dictionary<string, DateTimeOffset>();
        var latest = TimeProvider.System.GetUtcNow().AddMinutes(5);
        foreach (var line in server.Ledger.Lines)
        {
            using var json = JsonDocument.Parse(line);
            var account = json.RootElement.GetProperty("accountId").GetString()!;
            var time = json.RootElement.GetProperty("timestamp").GetDateTimeOffset();
            Assert.True(ids.Add(json.RootElement.GetProperty("transactionId").GetString()!), "An id came twice.");
            Assert.True(time < latest, "A timestamp lies too far ahead.");
            Assert.True(time >= last.GetValueOrDefault(account), "An account's time went back.");
            last[account] = time;
        }
    }
}
