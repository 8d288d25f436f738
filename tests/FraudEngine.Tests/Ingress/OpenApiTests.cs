using System.Globalization;
using System.Text.Json;
using FraudEngine.Tests.Egress;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FraudEngine.Tests.Ingress;

/// <summary>The OpenAPI document against the routes, and against what is really answered.</summary>
public sealed class OpenApiTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    internal const string Json = "application/json";
    internal const string Problem = "application/problem+json";

    [Fact]
    public async Task Every_route_is_described_and_every_description_is_a_route()
    {
        var document = await DocumentAsync();
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name}"));
        var mapped = engine.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        Assert.Equal(described.Order(), mapped.Order());
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var document = await DocumentAsync();
        var schema = new JsonSchema(document);
        HashSet<string> used = [];
        Collect(document, used);
        Assert.All(used, reference => Assert.Equal(JsonValueKind.Object, schema.Resolve(reference).ValueKind));

        // That one stands in a body of many lines, which no schema describes.
        var named = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(named => $"#/components/schemas/{named.Name}");
        Assert.Equal(["#/components/schemas/StreamError"], named.Except(used));
    }

    [Fact]
    public async Task The_examples_are_as_described_and_the_engine_takes_them()
    {
        var document = await DocumentAsync();
        var post = document.GetProperty("paths").GetProperty("/v1/transactions").GetProperty("post");
        var transaction = post.GetProperty("requestBody").GetProperty("content").GetProperty(Json);
        var decision = post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty(Json);
        var schema = new JsonSchema(document);
        Assert.Equal("", schema.Check(transaction.GetProperty("schema"), transaction.GetProperty("example")));
        Assert.Equal("", schema.Check(decision.GetProperty("schema"), decision.GetProperty("example")));
        await HoldsAsync("post", "/v1/transactions", await engine.PostAsync(transaction.GetProperty("example").GetRawText()), Json);

        post = document.GetProperty("paths").GetProperty("/v1/labels").GetProperty("post");
        var label = post.GetProperty("requestBody").GetProperty("content").GetProperty(Json);
        var answer = post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty(Json);
        Assert.Equal("", schema.Check(label.GetProperty("schema"), label.GetProperty("example")));
        Assert.Equal("", schema.Check(answer.GetProperty("schema"), answer.GetProperty("example")));
        var reply = await new LabelClient(engine).PostAsync(label.GetProperty("example").GetRawText());
        await HoldsAsync("post", "/v1/labels", reply, Json);
        Assert.Equal(string.Concat(answer.GetProperty("example").GetRawText().Where(static c => !char.IsWhiteSpace(c))), reply.Body);
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        const string transactions = "/v1/transactions";
        var account = Tx.NewAccount();
        var json = Tx.Json(
            account, "t", ("amount", "6000"), ("merchantId", "\"m\""), ("country", "\"BE\""), ("channel", "\"pos\""), ("latitude", "1"), ("longitude", "2"),
            ("ipAddress", "\"::1\""), ("merchantCategory", "\"5411\""), ("deviceId", "\"d\""), ("terminalId", "\"e\""), ("counterpartyId", "\"c\""));
        await HoldsAsync("post", transactions, await engine.PostAsync(json), Json);
        await HoldsAsync("post", transactions, await engine.PostAsync("{}"), Problem);
        await HoldsAsync("post", transactions, await engine.PostAsync("{"), Problem);
        await HoldsAsync("post", transactions, await engine.PostAsync(json.Replace("6000", "6001", StringComparison.Ordinal)), Problem);
        await HoldsAsync("post", transactions, await engine.PostAsync(Tx.OfLength(20_000)), Problem);
        await HoldsAsync("post", transactions, await engine.PostAsync([], "text/plain"), Problem);
        await HoldsAsync("post", transactions, await engine.PostAsync(Tx.With("timestamp", "\"2030-01-01T00:00:00Z\"")), Problem);
        const string labels = "/v1/labels";
        var client = new LabelClient(engine);
        await HoldsAsync("post", labels, await client.PostAsync(LabelClient.Json(account, "t")), Json);
        await HoldsAsync("post", labels, await client.PostAsync(LabelClient.Json(account, "unknown")), Problem);
        await HoldsAsync("post", labels, await client.PostAsync("{}"), Problem);
        await HoldsAsync("post", labels, await client.PostAsync(LabelTests.Padded("{}", 20_000)), Problem);
        await HoldsAsync("post", labels, await client.PostAsync([], "text/plain"), Problem);
        await HoldsAsync("get", "/v1/accounts/{id}", await engine.GetAsync($"/v1/accounts/{account}"), Json);
        await HoldsAsync("get", "/v1/accounts/{id}", await engine.GetAsync($"/v1/accounts/{account}?at=1"), Problem);
        await HoldsAsync("get", "/v1/accounts/{id}", await engine.GetAsync("/v1/accounts/unknown"), Problem);
        await HoldsAsync("get", "/v1/accounts/{id}/transactions", await engine.GetAsync($"/v1/accounts/{account}/transactions"), Json);
        await HoldsAsync("get", "/v1/accounts/{id}/transactions", await engine.GetAsync($"/v1/accounts/{account}/transactions?limit=0"), Problem);
        const string explanation = "/v1/accounts/{id}/transactions/{transactionId}/explanation";
        await HoldsAsync("get", explanation, await engine.GetAsync($"/v1/accounts/{account}/transactions/t/explanation"), Json);
        await HoldsAsync("get", explanation, await engine.GetAsync($"/v1/accounts/{account}/transactions/none/explanation"), Problem);
        await HoldsAsync("get", "/v1/alerts", await engine.GetAsync("/v1/alerts"), Json);
        await HoldsAsync("get", "/v1/alerts", await engine.GetAsync("/v1/alerts?after=x"), Problem);
        await HoldsAsync("get", "/v1/alerts/stream", await engine.GetAsync("/v1/alerts/stream?after=x"), Problem);
        await HoldsAsync("get", "/v1/rules", await engine.GetAsync("/v1/rules"), Json);
        await HoldsAsync("get", "/openapi/v1.json", await engine.GetAsync("/openapi/v1.json"), Json);
    }

    [Fact]
    public async Task Answers_about_lists_are_as_described()
    {
        const string list = "/v1/lists/{name}", entry = "/v1/lists/{name}/{entry}";
        await File.WriteAllTextAsync(Path.Combine(engine.ListsDirectory, "from-file.txt"), "M-1");
        await Eventually.ThatAsync(() => engine.Host.Lists.Find("from-file") is not null, "the list was taken from its file");
        var lists = new ListClient(engine);
        foreach (var method in (string[])["PUT", "POST"])
        {
            await HoldsAsync(method, list, await lists.SendAsync(method, "described", """{"entries":["a",{"text":"b","expires":"2026-12-31T00:00:00Z"}]}"""), Json);
            await HoldsAsync(method, list, await lists.SendAsync(method, "described", "{}"), Problem);
            await HoldsAsync(method, list, await lists.SendAsync(method, "described", "a", "text/csv"), Problem);
            await HoldsAsync(method, list, await lists.SendAsync(method, "from-file", """{"entries":[]}"""), Problem);
        }

        await HoldsAsync("PUT", entry, await lists.SendAsync("PUT", "described/c", """{"expires":"2026-12-31T00:00:00Z"}"""), Json);
        await HoldsAsync("PUT", entry, await lists.SendAsync("PUT", "described/c", "{"), Problem);
        await HoldsAsync("PUT", entry, await lists.SendAsync("PUT", "described/c", "x", "text/plain"), Problem);
        await HoldsAsync("PUT", entry, await lists.SendAsync("PUT", "from-file/c"), Problem);
        await HoldsAsync("GET", "/v1/lists", await engine.GetAsync("/v1/lists"), Json);
        await HoldsAsync("GET", list, await engine.GetAsync("/v1/lists/described?limit=1"), Json);
        await HoldsAsync("GET", list, await engine.GetAsync("/v1/lists/described?limit=0"), Problem);
        await HoldsAsync("GET", list, await engine.GetAsync("/v1/lists/unknown"), Problem);
        foreach (var (path, name) in new[] { (entry, "/c"), (list, "") })
        {
            await HoldsAsync("DELETE", path, await lists.SendAsync("DELETE", "described" + name), Json);
            await HoldsAsync("DELETE", path, await lists.SendAsync("DELETE", "unknown" + name), Problem);
            await HoldsAsync("DELETE", path, await lists.SendAsync("DELETE", "from-file" + name), Problem);
        }
    }

    [Fact]
    public async Task The_examples_about_lists_are_as_described_and_the_engine_takes_them()
    {
        var document = await DocumentAsync();
        var schema = new JsonSchema(document);
        var lists = new ListClient(engine);
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/v1/lists", StringComparison.Ordinal)))
        {
            foreach (var call in path.Value.EnumerateObject())
            {
                var answer = call.Value.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty(Json);
                Assert.Equal("", schema.Check(answer.GetProperty("schema"), answer.GetProperty("example")));
                if (!call.Value.TryGetProperty("requestBody", out var body))
                {
                    continue;
                }

                var to = path.Name.EndsWith("{entry}", StringComparison.Ordinal) ? "examples/M-9" : "examples";
                foreach (var content in body.GetProperty("content").EnumerateObject())
                {
                    var example = content.Value.GetProperty("example");
                    Assert.Equal("", schema.Check(content.Value.GetProperty("schema"), example));
                    var text = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
                    await HoldsAsync(call.Name, path.Name, await lists.SendAsync(call.Name.ToUpperInvariant(), to, text, content.Name), Json);
                }
            }
        }
    }

    [Fact]
    public async Task Lines_of_streams_are_as_described()
    {
        var document = await DocumentAsync();
        var schema = new JsonSchema(document);
        var account = Tx.NewAccount();
        using var client = await AlertClient.ConnectAsync(engine, query: $"?account={account}");
        var lines = await engine.StreamAsync(Tx.Json(account, "t", ("amount", "6000")) + "\n{}\nbad");
        Assert.Equal("", schema.Check(schema.Resolve("#/components/schemas/Decision"), JsonDocument.Parse(lines[0]).RootElement));
        Assert.Equal("", schema.Check(schema.Resolve("#/components/schemas/StreamError"), JsonDocument.Parse(lines[1]).RootElement));
        Assert.Equal("", schema.Check(schema.Resolve("#/components/schemas/StreamError"), JsonDocument.Parse(lines[2]).RootElement));
        Assert.Equal("", schema.Check(schema.Resolve("#/components/schemas/Alert"), (await client.ReadAsync()).Json));
    }

    internal async Task HoldsAsync(string method, string path, Reply reply, string mediaType)
    {
        var document = await DocumentAsync();
        var call = $"{method} {path} {(int)reply.Status}";
        var responses = document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant()).GetProperty("responses");
        Assert.True(responses.TryGetProperty(((int)reply.Status).ToString(CultureInfo.InvariantCulture), out var described), $"{call} is not described");
        Assert.Equal(mediaType, reply.ContentType);
        Assert.True(described.GetProperty("content").TryGetProperty(mediaType, out var content), $"{call} as {mediaType} is not described");
        Assert.Equal($"{call}: ", $"{call}: {new JsonSchema(document).Check(content.GetProperty("schema"), reply.Json)}");
    }

    private async Task<JsonElement> DocumentAsync() => (await engine.GetAsync("/openapi/v1.json")).Json;

    private static void Collect(JsonElement element, HashSet<string> references)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.Name == "$ref")
                {
                    references.Add(member.Value.GetString()!);
                }

                Collect(member.Value, references);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, references);
            }
        }
    }
}
