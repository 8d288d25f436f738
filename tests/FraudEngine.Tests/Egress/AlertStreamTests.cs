using FraudEngine.Egress;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress;

/// <summary>Alerts live.</summary>
public sealed class AlertStreamTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string InLane = "";
    private const string ByOrdinaryRoute = "X-Other: 1\r\n";

    [Fact]
    public async Task An_alert_comes_as_a_server_sent_event()
    {
        var account = Tx.NewAccount();
        using var client = await AlertClient.ConnectAsync(engine, query: $"?account={account}");
        Assert.Equal("text/event-stream", client.ContentType);
        var decision = (await engine.PostAsync(Tx.Json(account, "t", ("amount", "6000")))).Json;
        var alert = await client.ReadAsync();
        Assert.Equal("alert", alert.Name);
        Assert.Equal(decision.GetProperty("alertId").GetString(), alert.Id);
        var page = (await engine.GetAsync($"/v1/alerts?account={account}")).Json;
        Assert.Equal(page.GetProperty("alerts")[0].GetRawText(), alert.Data);
    }

    [Fact]
    public async Task A_client_gets_the_alerts_of_the_account_that_it_asks_for()
    {
        var (one, other) = (Tx.NewAccount(), Tx.NewAccount());
        using var ofOne = await AlertClient.ConnectAsync(engine, query: $"?account={one}");
        using var ofOther = await AlertClient.ConnectAsync(engine, query: $"?account={other}");
        using var ofAll = await AlertClient.ConnectAsync(engine);
        await Alerts.RaiseAsync(engine, one, 0, 20);
        await Alerts.RaiseAsync(engine, other, 100, 20);
        Assert.Equal(Alerts.Ids(0, 20), (await ofOne.ReadAsync(20)).Select(alert => alert.TransactionId));
        Assert.Equal(Alerts.Ids(100, 20), (await ofOther.ReadAsync(20)).Select(alert => alert.TransactionId));

        // Other tests raise alerts meanwhile.
        List<AlertEvent> mine = [];
        while (mine.Count < 40)
        {
            var alert = await ofAll.ReadAsync("the alerts of both");
            if (alert.Json.GetProperty("accountId").GetString() is { } account && (account == one || account == other))
            {
                mine.Add(alert);
            }
        }

        Assert.Equal(Alerts.Ids(0, 20).Concat(Alerts.Ids(100, 20)), mine.Select(alert => alert.TransactionId));
    }

    [Fact]
    public async Task A_client_that_comes_back_misses_nothing_and_gets_nothing_twice()
    {
        var account = Tx.NewAccount();
        const int count = 1500;
        var raising = Task.WhenAll(Alerts.RaiseAsync(engine, account, 0, count), Alerts.RaiseAsync(engine, Tx.NewAccount(), 0, count));
        var random = new Random(3);
        List<AlertEvent> seen = [];
        var lastId = "0";
        while (seen.Count < count)
        {
            using var client = await AlertClient.ConnectAsync(engine, lastId, $"?account={account}");
            seen.AddRange(await client.ReadAsync(random.Next(1, Math.Min(200, count - seen.Count) + 1)));
            lastId = client.LastId;
        }

        await raising;
        Assert.Equal(Alerts.Ids(0, count), seen.Select(alert => alert.TransactionId));
        using var after = await AlertClient.ConnectAsync(engine, lastId, $"?account={account}");
        await Alerts.RaiseAsync(engine, account, count, 1);
        Assert.Equal($"t{count}", (await after.ReadAsync()).TransactionId);
    }

    [Fact]
    public async Task A_client_whose_connection_broke_before_its_first_alert_misses_nothing()
    {
        var account = Tx.NewAccount();
        using var first = await AlertClient.ConnectAsync(engine, query: $"?account={account}");
        var lastId = first.LastId;
        first.Dispose();
        await Alerts.RaiseAsync(engine, account, 0, 3);
        using var again = await AlertClient.ConnectAsync(engine, lastId, $"?account={account}");
        Assert.Equal(lastId, again.LastId);
        Assert.Equal(Alerts.Ids(0, 3), (await again.ReadAsync(3)).Select(alert => alert.TransactionId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&after=0")]
    public async Task A_client_far_behind_catches_up_and_goes_on_live(string after)
    {
        await using var own = await RunningEngine.StartAsync();
        var account = Tx.NewAccount();
        const int count = 5000;
        await Alerts.RaiseAsync(own, account, 0, 1);
        using var slow = await AlertClient.ConnectAsync(own, query: $"?account={account}{after}");
        using var all = await AlertClient.ConnectAsync(own, "0");
        var raising = Task.WhenAll(Alerts.RaiseAsync(own, account, 1, count), Alerts.RaiseAsync(own, Tx.NewAccount(), 0, 500));
        await raising;
        using var late = await AlertClient.ConnectAsync(own, slow.LastId, $"?account={account}");
        var from = after.Length > 0 ? 0 : 1;
        Assert.Equal(Alerts.Ids(from, count + 1 - from), (await slow.ReadAsync(count + 1 - from)).Select(alert => alert.TransactionId));
        Assert.Equal(Alerts.Ids(from, count + 1 - from), (await late.ReadAsync(count + 1 - from)).Select(alert => alert.TransactionId));
        Assert.Equal(count + 501, (await all.ReadAsync(count + 501)).Select(alert => alert.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_client_resumes_across_a_restart_of_the_engine()
    {
        await using var own = await RunningEngine.StartAsync();
        var account = Tx.NewAccount();
        using var before = await AlertClient.ConnectAsync(own);
        await Alerts.RaiseAsync(own, account, 0, 10);
        Assert.Equal(Alerts.Ids(0, 4), (await before.ReadAsync(4)).Select(alert => alert.TransactionId));
        await own.RestartAsync();
        await Alerts.RaiseAsync(own, account, 5, 10);
        using var after = await AlertClient.ConnectAsync(own, before.LastId);
        using var fresh = await AlertClient.ConnectAsync(own);
        Assert.Equal(Alerts.Ids(4, 11), (await after.ReadAsync(11)).Select(alert => alert.TransactionId));
        await Alerts.RaiseAsync(own, account, 15, 1);
        Assert.Equal("t15", (await after.ReadAsync()).TransactionId);
        Assert.Equal("t15", (await fresh.ReadAsync()).TransactionId);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("-1")]
    public async Task An_unknown_id_to_resume_from_is_refused(string id)
    {
        (await engine.GetAsync($"/v1/alerts/stream?after={id}")).Problem(400, "unknown-alert");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/alerts/stream");
        request.Headers.Add("Last-Event-ID", id);
        using var response = await engine.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        (await Reply.OfAsync(response)).Problem(400, "unknown-alert");
    }

    [Fact]
    public async Task A_client_that_goes_away_is_forgotten()
    {
        await using var own = await RunningEngine.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AlertClient.ConnectAsync(own, query: i % 2 == 0 ? "" : $"?account=a{i % 3}")));
        Assert.Equal(20, own.Host.Feed.Subscribers);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await own.GetAsync("/v1/alerts/stream?after=unknown");
        await Eventually.ThatAsync(() => own.Host.Feed.Subscribers == 0, "no subscriber is left");
    }

    [Fact]
    public async Task A_quiet_stream_shows_that_it_is_alive()
    {
        await using var own = await RunningEngine.StartAsync();
        using var client = await AlertClient.ConnectAsync(own);
        for (var beat = 0; beat < AlertFeed.BeatsPerRound; beat++)
        {
            own.Clock.FireTimers();
        }

        Assert.Equal(":", await client.ReadLineAsync("a comment"));
        Assert.Equal("", await client.ReadLineAsync("the end of the comment"));
        await Alerts.RaiseAsync(own, "a", 0, 1);
        Assert.Equal("t0", (await client.ReadAsync()).TransactionId);
    }

    [Theory]
    [InlineData(InLane)]
    [InlineData(ByOrdinaryRoute)]
    public async Task A_client_that_never_reads_holds_up_nobody(string header)
    {
        await using var own = await RunningEngine.StartAsync();
        var account = Tx.NewAccount();
        using var never = await own.ConnectAsync();
        await never.SendAsync($"GET /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n{header}\r\n");
        await Eventually.ThatAsync(() => own.Host.Feed.Subscribers == 1, "the client that never reads has subscribed");
        using var client = await AlertClient.ConnectAsync(own);
        await Alerts.RaiseAsync(own, account, 0, 4500);
        Assert.Equal(Alerts.Ids(0, 4500), (await client.ReadAsync(4500)).Select(alert => alert.TransactionId));
        never.Reset();
        await Eventually.ThatAsync(() => own.Host.Feed.Subscribers == 1, "the client that never read is forgotten");
    }

    [Theory]
    [InlineData(InLane)]
    [InlineData(ByOrdinaryRoute)]
    public async Task An_open_stream_does_not_hold_up_the_stop_which_ends_it_whole(string header)
    {
        await using var own = await RunningEngine.StartAsync();
        using var connection = await own.ConnectAsync();
        await connection.SendAsync($"GET /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n{header}\r\n");
        await connection.ReceiveUntilAsync("retry: 1000");
        await own.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.EndsWith("\r\n0\r\n\r\n", await connection.ReceiveToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_of_an_alert_is_one_line_of_JSON_whatever_the_transaction_holds()
    {
        var account = Tx.NewAccount();
        using var client = await AlertClient.ConnectAsync(engine, query: $"?account={account}");
        await engine.PostAsync(Tx.Json(account, "t", ("amount", "1000"), ("merchantId", "\"a\\\\n\\\"é😀\"")));
        Assert.Equal("a\\n\"é😀", (await client.ReadAsync()).Json.GetProperty("merchantId").GetString());
    }
}
