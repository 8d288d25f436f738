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
