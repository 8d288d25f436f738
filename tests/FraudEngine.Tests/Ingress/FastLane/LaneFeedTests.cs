namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Those who listen for alerts in the lane: they get to the byte what the web server would send, and how they end.</summary>
public sealed class LaneFeedTests
{
    private const int AlertsRaised = 5;

    [Theory]
    [InlineData("?account={0}", "")]
    [InlineData("?account={0}&after=0", "")]
    [InlineData("?after=0", "")]
    [InlineData("", "Last-Event-ID: 0\r\n")]
    [InlineData("?after=unknown", "")]
    [InlineData("", "Last-Event-ID: a b\r\n")]
    public async Task What_comes_is_what_the_web_server_would_send(string query, string header)
    {
        var (engine, seen) = await LaneEngine.StartAsync();
        await using var lane = engine;
        await using var server = await RunningEngine.StartAsync(LaneEngine.Without);
        var account = Tx.NewAccount();
        var request = $"GET /v1/alerts/stream{string.Format(System.Globalization.CultureInfo.InvariantCulture, query, account)} HTTP/1.1\r\nHost: x\r\n{header}\r\n";
        var received = await Task.WhenAll(ReceiveAsync(lane, request, account), ReceiveAsync(server, request, account));
        Assert.Equal(received[1], received[0]);
        var isRefused = received[1].StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal);
        Assert.Equal(isRefused ? 0 : AlertsRaised, received[1].Split("event: alert").Length - 1);
        Assert.Equal(isRefused ? 1 : 0, seen.Count);
    }

    [Fact]
    public async Task One_more_than_may_listen_is_refused_until_a_client_has_gone()
    {
        await using var engine = await RunningEngine.StartAsync("--Egress:SubscribersMax=1");
        using (var first = await engine.ConnectAsync())
        {
            await first.SendAsync("GET /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n\r\n");
            await first.ReceiveUntilAsync("retry: 1000");
            using var second = await engine.ConnectAsync();
            await second.SendAsync("GET /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n\r\n");
            await second.ReceiveUntilAsync("HTTP/1.1 503 Service Unavailable");
            Assert.Equal(1, engine.Host.Feed.Subscribers);
        }

        await Eventually.ThatAsync(() => engine.Host.Feed.Subscribers == 0, "the place was free");
    }

    private static async Task<string> ReceiveAsync(RunningEngine engine, string request, string account)
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(request);
        var begin = await connection.ReceiveUntilAsync(
            static received => received.Contains("retry: 1000", StringComparison.Ordinal) || received.Contains("unknown-alert", StringComparison.Ordinal), "an answer");
        if (!begin.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            return RequestText.WithoutDates(begin);
        }

        using var raising = await engine.ConnectAsync();

        // One by one, so that none shares a chunk with another.
        for (var i = 0; i < AlertsRaised; i++)
        {
            await raising.SendAsync(RequestText.Plain(Tx.Json(account, $"t{i}", ("amount", "1000"))));
            await connection.ReceiveUntilAsync($"\"transactionId\":\"t{i}\"");
        }

        return RequestText.WithoutDates(await connection.ReceiveUntilAsync(static received => received.EndsWith("}\n\n\r\n", StringComparison.Ordinal), "the last alert's end"));
    }
}
