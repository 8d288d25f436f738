namespace FraudEngine.Tests.TransactionFeed;

public sealed class WatchTests : IDisposable
{
    private readonly Feed _feed = new();

    public void Dispose() => _feed.Dispose();

    [Fact]
    public async Task After_a_lost_connection_it_goes_on_after_the_last_alert()
    {
        await using var server = await ContractServer.StartAsync();
        server.Alerts.Scripts.Enqueue(Alert("1", "Hello [you]") + Alert("2", "Again") + ": comment\n\nid: 3\nevent: other\ndata: x\n\n");
        server.Alerts.Scripts.Enqueue(Alert("4", "More"));

        await RunUntilAsync(server, () => server.Alerts.Connections.Count == 3, "it was connected for the third time");

        Assert.Equal(["", "3", "4"], server.Alerts.Connections.Select(connection => connection.LastEventId));
        Assert.Contains("Hello [you]", _feed.Results);
        Assert.Contains("More", _feed.Results);
        Assert.Contains("Trying again in 0.1 s, after alert 3.", _feed.Messages);
        Assert.Contains("3 alerts; go on with --after 4.", _feed.Messages);
    }

    [Theory]
    [InlineData("--after 17", "17")]
    [InlineData("--from-start", "0")]
    [InlineData("--account a/b", "")]
    public async Task It_begins_where_it_is_told(string options, string lastEventId)
    {
        await using var server = await ContractServer.StartAsync();

        await RunUntilAsync(server, () => server.Alerts.Connections.Count == 1, "it was connected", options.Split(' '));

        var connection = Assert.Single(server.Alerts.Connections);
        Assert.Equal(lastEventId, connection.LastEventId);
        Assert.Equal(options.StartsWith("--account", StringComparison.Ordinal) ? "?account=a%2Fb" : "", connection.Query);
    }

    [Fact]
    public async Task Alerts_with_missing_or_unknown_fields_are_shown_as_far_as_they_can_be()
    {
        await using var server = await ContractServer.StartAsync();
        server.Alerts.Scripts.Enqueue(
            "id: 1\nevent: alert\ndata: {\"accountId\":7,\"outcome\":\"odd\",\"reasons\":[{\"rule\":\"r\"},5],\"new\":{}}\n\nid: 2\nevent: alert\ndata: no JSON\n\n");

        await RunUntilAsync(server, () => server.Alerts.Connections.Count == 2, "it was connected for the second time");

        Assert.Contains("odd", _feed.Results);
        Assert.Contains("- r", _feed.Results);
        Assert.Contains("This alert is not JSON: no JSON", _feed.Messages);
    }

    [Fact]
    public async Task An_alert_is_answered_as_the_user_says_and_what_is_refused_is_said()
    {
        await using var server = await ContractServer.StartAsync();
        server.Alerts.Refusals["2"] = "It was answered before.";
        server.Alerts.Scripts.Enqueue(
            Alert("1", "a") + Alert("2", "b") + Alert("3", "c") + Alert("4", "d").Replace("\"accountId\"", "\"kind\":\"activity\",\"accountId\"", StringComparison.Ordinal)
            + Alert("5", "e") + Alert("6", "f"));
        using var feed = new Feed { Input = new StringReader("perhaps\nN\nyes\n\nyes\n") };
        using var stop = new CancellationTokenSource();

        var run = feed.RunAsync(["watch", "--to", server.Url, "--answer", "--by", "tester"], stop.Token);
        await Eventually.ThatAsync(() => server.Alerts.Connections.Count == 2, "all alerts were read");
        await stop.CancelAsync();

        Assert.Equal(0, await run);
        Assert.Equal(
            [("1", """{"response":"denied","by":"tester"}"""), ("2", """{"response":"confirmed","by":"tester"}"""), ("5", """{"response":"confirmed","by":"tester"}""")],
            server.Alerts.Responses);
        Assert.Contains("the account is held", feed.Messages);
        Assert.Contains("409: It was answered before.", feed.Messages);
    }

    [Fact]
    public async Task A_single_alert_is_answered_by_its_id()
    {
        await using var server = await ContractServer.StartAsync();
        server.Alerts.Refusals["8"] = "It was answered before.";

        Assert.Equal(0, await _feed.RunAsync("answer", "7", "denied", "--to", server.Url, "--by", "hotline"));
        Assert.Equal(1, await _feed.RunAsync("answer", "8", "confirmed", "--to", server.Url));
        Assert.Equal(2, await _feed.RunAsync("answer", "9", "maybe", "--to", server.Url));

        Assert.Equal(("7", """{"response":"denied","by":"hotline"}"""), server.Alerts.Responses.First());
        Assert.Equal(2, server.Alerts.Responses.Count);
        Assert.Contains("It was answered before.", _feed.Messages);
    }

    private static string Alert(string id, string text) =>
        $$"""
        id: {{id}}
        event: alert
        data: {"alertId":"{{id}}","accountId":"a","amount":1.50,"outcome":"decline","text":"{{text}}"}


        """;

    private async Task RunUntilAsync(ContractServer server, Func<bool> isEnough, string what, params string[] options)
    {
        using var stop = new CancellationTokenSource();
        var run = _feed.RunAsync(["watch", "--to", server.Url, .. options], stop.Token);
        await Eventually.ThatAsync(isEnough, what);
        await stop.CancelAsync();
        Assert.Equal(0, await run);
    }
}
