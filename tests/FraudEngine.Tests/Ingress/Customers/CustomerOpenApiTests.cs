using System.Net;

namespace FraudEngine.Tests.Ingress.Customers;

/// <summary>What is answered about customers and cases against the OpenAPI document, and its examples.</summary>
public sealed class CustomerOpenApiTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Json = OpenApiTests.Json;
    private const string Problem = OpenApiTests.Problem;

    private readonly CustomerClient _client = new(engine);
    private readonly OpenApiTests _document = new(engine);

    [Fact]
    public async Task Answers_are_as_described()
    {
        var account = Tx.NewAccount();
        const string preferences = "/v1/accounts/{id}/preferences", response = "/v1/alerts/{id}/response", oneCase = "/v1/cases/{id}";
        await HoldsAsync("GET", preferences, account, null, Problem);
        await HoldsAsync("PUT", preferences, account, """{"language":"en","email":"a@b.be","quietHours":{"from":"22:00","until":"07:00","timeZone":"UTC"}}""", Json);
        await HoldsAsync("PUT", preferences, account, "{}", Problem);
        await HoldsAsync("PUT", preferences, account, new string(' ', 20_000), Problem);
        await HoldsAsync("GET", preferences, account, null, Json);
        await HoldsAsync("DELETE", preferences, new string('x', 65), null, Problem);
        var alert = (await _client.AlertAsync(account, "t")).ToString();
        var late = (await _client.AlertAsync(account, "t-2")).ToString();
        await HoldsAsync("GET", response, alert, null, Problem);
        await HoldsAsync("POST", response, alert, """{"response":"denied"}""", Json);
        await HoldsAsync("POST", response, alert, """{"response":"confirmed"}""", Problem);
        await HoldsAsync("POST", response, "x", """{"response":"confirmed"}""", Problem);
        await HoldsAsync("POST", response, alert, "{}", Problem);
        await HoldsAsync("GET", response, alert, null, Json);
        engine.Clock.Advance(TimeSpan.FromDays(4));
        await HoldsAsync("POST", response, late, """{"response":"confirmed"}""", Problem);
        await _document.HoldsAsync("GET", "/v1/holds", await engine.GetAsync("/v1/holds"), Json);
        await _document.HoldsAsync("GET", "/v1/holds", await engine.GetAsync("/v1/holds?limit=0"), Problem);
        await HoldsAsync("POST", "/v1/accounts/{id}/hold", account, """{"outcome":"review","by":"a","reason":"b"}""", Json);
        await HoldsAsync("POST", "/v1/accounts/{id}/hold", account, "{}", Problem);
        await HoldsAsync("POST", "/v1/accounts/{id}/release", account, """{"by":"a","reason":"b"}""", Json);
        await HoldsAsync("POST", "/v1/accounts/{id}/release", account, "{}", Problem);
        await HoldsAsync("POST", "/v1/cases", "", $$"""{"accountId":"{{account}}","reason":"b","by":"a"}""", Json);
        await HoldsAsync("POST", "/v1/cases", "", $$"""{"accountId":"{{account}}","transactions":["none"],"reason":"b","by":"a"}""", Problem);
        await HoldsAsync("POST", "/v1/cases", "", "{}", Problem);
        await HoldsAsync("GET", oneCase, alert, null, Json);
        await HoldsAsync("GET", oneCase, "x", null, Problem);
        await HoldsAsync("POST", oneCase + "/assign", alert, """{"to":"a","by":"b"}""", Json);
        await HoldsAsync("POST", oneCase + "/note", alert, """{"text":"a","by":"b"}""", Json);
        await HoldsAsync("POST", oneCase + "/resolve", alert, """{"outcome":"unsure","by":"b"}""", Json);
        await HoldsAsync("POST", oneCase + "/resolve", alert, """{"outcome":"fraud","by":"b"}""", Problem);
        await HoldsAsync("POST", oneCase + "/reopen", alert, """{"by":"b"}""", Json);
        await _document.HoldsAsync("GET", "/v1/cases", await engine.GetAsync("/v1/cases"), Json);
        await _document.HoldsAsync("GET", "/v1/cases", await engine.GetAsync("/v1/cases?limit=0"), Problem);
    }

    [Fact]
    public async Task The_examples_are_as_described_and_the_engine_takes_them()
    {
        var document = (await engine.GetAsync("/openapi/v1.json")).Json;
        var schema = new JsonSchema(document);
        var seen = 0;
        foreach (var call in document.GetProperty("paths").EnumerateObject().Where(static path => IsMine(path.Name)).SelectMany(static path => path.Value.EnumerateObject()))
        {
            var contents = call.Value.GetProperty("responses").EnumerateObject().Select(static answer => answer.Value)
                .Concat(call.Value.TryGetProperty("requestBody", out var body) ? [body] : [])
                .Where(static described => described.TryGetProperty("content", out _)).SelectMany(static described => described.GetProperty("content").EnumerateObject());
            foreach (var content in contents.Where(static content => content.Value.TryGetProperty("example", out _)))
            {
                Assert.Equal($"{call.Name}: ", $"{call.Name}: {schema.Check(content.Value.GetProperty("schema"), content.Value.GetProperty("example"))}");
                seen++;
            }
        }

        Assert.True(seen > 20, $"Only {seen} examples were seen.");
        var account = Tx.NewAccount();
        var alert = await _client.AlertAsync(account, "t-1");
        foreach (var (method, path, to) in new[]
        {
            ("put", "/v1/accounts/{id}/preferences", account), ("post", "/v1/accounts/{id}/hold", account), ("post", "/v1/accounts/{id}/release", account),
            ("post", "/v1/alerts/{id}/response", alert.ToString()), ("post", "/v1/cases/{id}/assign", alert.ToString()), ("post", "/v1/cases/{id}/note", alert.ToString()),
            ("post", "/v1/cases/{id}/resolve", alert.ToString()), ("post", "/v1/cases/{id}/reopen", alert.ToString()),
        })
        {
            var example = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("requestBody").GetProperty("content").GetProperty(Json).GetProperty("example");
            var reply = await _client.SendAsync(method.ToUpperInvariant(), path.Replace("{id}", to, StringComparison.Ordinal), example.GetRawText());
            Assert.True(reply.Status == HttpStatusCode.OK, $"{path}: {reply.Body}");
        }
    }

    private static bool IsMine(string path) =>
        path.StartsWith("/v1/cases", StringComparison.Ordinal) || path.StartsWith("/v1/holds", StringComparison.Ordinal) || path.EndsWith("/response", StringComparison.Ordinal)
        || path.EndsWith("/preferences", StringComparison.Ordinal) || path.EndsWith("/hold", StringComparison.Ordinal) || path.EndsWith("/release", StringComparison.Ordinal);

    private async Task HoldsAsync(string method, string path, string to, string? body, string mediaType) =>
        await _document.HoldsAsync(method, path, await _client.SendAsync(method, path.Replace("{id}", to, StringComparison.Ordinal), body), mediaType);
}
