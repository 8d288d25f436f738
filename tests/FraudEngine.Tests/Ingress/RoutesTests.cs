using System.Net;
using System.Text;
using System.Text.Json;

namespace FraudEngine.Tests.Ingress;

/// <summary>The calls that are not about one transaction or account.</summary>
public sealed class RoutesTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Fact]
    public async Task The_rule_set_in_force_is_told_as_JSON()
    {
        var rules = (await engine.GetAsync("/v1/rules")).Json;
        Assert.Equal("contract", rules.GetProperty("name").GetString());
        Assert.Equal(7, rules.GetProperty("version").GetInt32());
        Assert.Equal("contract@7", rules.GetProperty("ruleSet").GetString());
        Assert.Equal("""{"review":0.5,"decline":0.8}""", rules.GetProperty("thresholds").GetRawText());
        Assert.Equal("""{"id":"large","when":"amount >= 1000","score":0.5,"text":"A \"large\" amount"}""", rules.GetProperty("rules")[0].GetRawText());
        Assert.Equal(3, rules.GetProperty("rules").GetArrayLength());
    }

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("text/yaml, */*;q=0.1")]
    public async Task The_rule_set_in_force_is_told_as_the_YAML_that_it_was_read_from(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/rules");
        request.Headers.Add("Accept", accept);
        using var response = await engine.Client.SendAsync(request);
        var reply = await Reply.OfAsync(response);
        Assert.Equal("application/yaml; charset=utf-8", reply.ContentType);
        Assert.Equal(RunningEngine.Rules, reply.Body);
    }

    [Fact]
    public async Task Health_says_that_it_is_live_and_ready()
    {
        Assert.Equal((HttpStatusCode.OK, "live"), (await engine.GetAsync("/health/live")) is var live ? (live.Status, live.Body) : default);
        Assert.Equal((HttpStatusCode.OK, "ready"), (await engine.GetAsync("/health/ready")) is var ready ? (ready.Status, ready.Body) : default);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/transactions")]
    [InlineData("/v1/accounts")]
    [InlineData("/v1/accounts/a/b")]
    [InlineData("/v1/transactions/t")]
    public async Task An_unknown_path_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync(path)).Status);

    [Theory]
    [InlineData("GET", "/v1/transactions", "POST")]
    [InlineData("PUT", "/v1/transactions", "POST")]
    [InlineData("POST", "/v1/alerts", "GET")]
    [InlineData("DELETE", "/v1/accounts/a", "GET")]
    [InlineData("POST", "/v1/accounts/a/transactions", "GET")]
    [InlineData("POST", "/health/live", "GET")]
    public async Task A_wrong_method_is_told_the_right_one(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await engine.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains(allowed, response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Requests_on_one_connection_are_answered_in_order()
    {
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        var requests = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            var json = i % 3 == 1 ? "{" : Tx.Json(account, $"t{i}");
            requests.Append($"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
        }

        await connection.SendAsync(requests.ToString());
        var received = await connection.ReceiveUntilAsync("\"transactionId\":\"t18\"");
        Assert.Equal(
            Enumerable.Range(0, 19).Select(i => i % 3 == 1 ? "malformed" : $"t{i}"),
            received.Split("HTTP/1.1 ").Skip(1).Take(19).Select(part =>
                JsonDocument.Parse(part[part.IndexOf('{', StringComparison.Ordinal)..]).RootElement is var json && json.TryGetProperty("transactionId", out var id)
                    ? id.GetString()
                    : "malformed"));
    }
}
