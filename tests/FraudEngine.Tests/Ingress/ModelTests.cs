using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FraudEngine.Tests.Engine;

namespace FraudEngine.Tests.Ingress;

/// <summary>A model put over HTTP: what it decides, its versions, and how it is tried.</summary>
public sealed class ModelTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly RunningEngine _engine = new() { RuleFile = RuleChangeTests.Yaml(1, "amount > 100 && amount < 300") };

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Theory]
    [InlineData("model", 50, "approve 0.1192 reasons: ")]
    [InlineData("model", 200, "approve 0.1192 reasons: only")]
    [InlineData("model", 249, "approve 0.1192 reasons: only")]
    [InlineData("model", 250, "decline 0.8808 reasons: only model:first")]
    [InlineData("model", 400, "decline 0.8808 reasons: model:first")]
    [InlineData("rules", 200, "review 0.5 reasons: only")]
    [InlineData("rules", 400, "approve 0 reasons: ")]
    [InlineData("both", 50, "approve 0.1192 reasons: ")]
    [InlineData("both", 200, "review 0.5 reasons: only")]
    [InlineData("both", 400, "decline 0.8808 reasons: model:first")]
    public async Task The_score_is_the_model_s_or_the_rules_or_the_higher(string score, int amount, string expected)
    {
        await PutAsync(1, 250, score);
        var decision = await DecideAsync("t", amount);
        Assert.Equal("tiny@1", decision.GetProperty("model").GetString());
        Assert.Equal("test@1", decision.GetProperty("ruleSet").GetString());
        Assert.Equal(expected, Describe(decision));
    }

    [Fact]
    public async Task A_reason_of_the_model_is_told_in_the_feature_s_words_and_asked_for_again()
    {
        await PutAsync(1, 250);
        var reasons = (await DecideAsync("t", 400)).GetProperty("reasons");
        Assert.Equal("""[{"rule":"model:first","text":"The first of 400"}]""", reasons.GetRawText().Replace(".00", "", StringComparison.Ordinal));
        await _engine.RestartAsync();
        Assert.Equal(reasons.GetRawText(), (await DecideAsync("t", 400)).GetProperty("reasons").GetRawText());
        var stored = (await _engine.GetAsync("/v1/accounts/a/transactions")).Json.GetProperty("transactions")[0];
        Assert.Equal("tiny@1", stored.GetProperty("model").GetString());
        Assert.Contains("model:first", (await _engine.GetAsync("/v1/alerts?account=a")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_and_model_change_without_each_other()
    {
        await PutAsync(1, 250, "both");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, "/v1/rules", RuleChangeTests.Yaml(2, "count(account, 1h) > 1"), "application/yaml")).Status);
        Assert.Equal("approve 0.1192 reasons: ", Describe(await DecideAsync("t1", 1)));
        Assert.Equal("review 0.5 reasons: only", Describe(await DecideAsync("t2", 1)));
        await PutAsync(2, 3, "both", "count(account, 1d)");
        var third = await DecideAsync("t3", 1);
        Assert.Equal("decline 0.8808 reasons: only model:first", Describe(third));
        Assert.Equal("test@2 tiny@2", $"{third.GetProperty("ruleSet")} {third.GetProperty("model")}");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, "/v1/lists/watched", "a", "text/plain")).Status);
        Assert.Equal("tiny@2", (await DecideAsync("t4", 1)).GetProperty("model").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/v1/model")).Status);
        var fifth = await DecideAsync("t5", 1);
        Assert.False(fifth.TryGetProperty("model", out _));
        Assert.Equal("review 0.5 reasons: only", Describe(fifth));
    }

    [Fact]
    public async Task The_model_in_force_is_told_as_JSON_and_as_its_file()
    {
        (await _engine.GetAsync("/v1/model")).Problem(404, "unknown-model");
        (await SendAsync(HttpMethod.Delete, "/v1/model")).Problem(404, "unknown-model");
        var put = await PutAsync(3, 7, "both", "count(account, 1d) + count(terminal, 7d, delay 7d)");
        Assert.Equal(put.Body, (await _engine.GetAsync("/v1/model")).Body);
        Assert.Equal(
            """{"model":"tiny@3","name":"tiny","version":3,"score":"both","trees":1,"features":[{"name":"first","value":"count(account, 1d) + count(terminal, 7d, delay 7d)","text":"The first of {amount}"},{"name":"second","value":"hour(timestamp)","text":"second is unusual for this payment"}],"windows":["count(account, 1d)","count(terminal, 7d, delay 7d)"]}""",
            put.Body);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/model");
        request.Headers.Add("Accept", "application/yaml");
        using var response = await _engine.Client.SendAsync(request);
        Assert.Equal(TinyModel.Yaml(3, "count(account, 1d) + count(terminal, 7d, delay 7d)", "both"), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Versions_never_change_and_a_rollback_goes_back_to_one_or_to_none()
    {
        (await RollBackAsync("")).Problem(404, "unknown-model");
        await PutAsync(1, 100);
        await PutAsync(2, 200);
        var taken = (await PutAsync(2, 300)).Problem(409, "version-taken");
        Assert.Contains("Raise 'version' to 3", taken.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(2, 200)).Status);
        Assert.Equal("tiny@1", (await RollBackAsync("")).Json.GetProperty("model").GetString());
        Assert.Equal("tiny@2", (await RollBackAsync("{\"model\":\"tiny@2\"}")).Json.GetProperty("model").GetString());
        await SendAsync(HttpMethod.Delete, "/v1/model");
        Assert.Equal("tiny@2", (await RollBackAsync("")).Json.GetProperty("model").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await RollBackAsync("")).Status);
        (await RollBackAsync("{\"model\":\"tiny@9\"}")).Problem(404, "unknown-model");
        (await RollBackAsync("{\"ruleSet\":\"tiny@1\"}")).Problem(400, "malformed");
        var versions = (await _engine.GetAsync("/v1/model/versions")).Json.GetProperty("versions").EnumerateArray().Select(static version =>
            $"{version.GetProperty("model")} {version.GetProperty("inForce")} {string.Join(',', version.GetProperty("changes").EnumerateArray().Select(static change => change.GetProperty("cause")))}");
        Assert.Equal(["tiny@2 False http,rollback,rollback", "tiny@1 False http,rollback"], versions);
        await _engine.RestartAsync();
        (await _engine.GetAsync("/v1/model")).Problem(404, "unknown-model");
    }

    [Fact]
    public async Task The_first_model_is_rolled_back_to_none()
    {
        await PutAsync(1, 100);
        Assert.Equal(HttpStatusCode.NoContent, (await RollBackAsync("")).Status);
    }

    [Theory]
    [InlineData("", "malformed", "not valid JSON")]
    [InlineData("[]", "malformed", "A model is")]
    [InlineData("{\"config\":\"x\"", "malformed", "not valid JSON")]
    [InlineData("{\"config\":\"x\"}", "malformed", "A model is")]
    [InlineData("{\"config\":\"x\",\"trees\":\"y\"}", "malformed", "A model is")]
    [InlineData("{\"config\":\"x\",\"trees\":{}} {}", "malformed", "")]
    [InlineData("{\"config\":\"name: x\",\"trees\":{}}", "invalid-model", "errors")]
    [InlineData("{\"config\":YAML,\"trees\":{}}", "invalid-trees", "trees: ")]
    public async Task A_body_that_is_no_model_is_refused_and_changes_nothing(string body, string kind, string detail)
    {
        body = body.Replace("YAML", JsonSerializer.Serialize(TinyModel.Yaml(1, "amount")), StringComparison.Ordinal);
        var problem = (await SendAsync(HttpMethod.Put, "/v1/model", body)).Problem(400, kind);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await _engine.GetAsync("/v1/model")).Problem(404, "unknown-model");
    }

    [Fact]
    public async Task An_error_in_its_file_has_its_place()
    {
        var error = (await PutAsync(1, 1, value: "amont")).Problem(400, "invalid-model").GetProperty("errors")[0];
        Assert.Equal((7, 12), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task A_shadow_tries_rules_and_models_beside_those_in_force()
    {
        await PutAsync(1, 250);
        await PutShadowAsync("rules", new { rules = RuleChangeTests.Yaml(2, "amount > 1") });
        await PutShadowAsync("alone", new { model = (object?)null });
        await PutShadowAsync("model", new { model = Body(2, 20, "model", "sum(account.amount, 1d)") });
        await PutShadowAsync("both", new { rules = RuleChangeTests.Yaml(2, "amount > 1"), model = Body(2, 20, "both", "sum(account.amount, 1d)") });
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, "/v1/rules/shadow/yaml", RuleChangeTests.Yaml(1, "amount > 100 && amount < 300"), "application/yaml")).Status);
        foreach (var (id, amount) in new[] { ("t1", 15), ("t2", 15), ("t3", 150), ("t4", 400) })
        {
            await DecideAsync(id, amount);
        }

        await CheckShadowsAsync();
        await _engine.RestartAsync();
        await CheckShadowsAsync();

        (await SendAsync(HttpMethod.Put, "/v1/rules/shadow/bad", "{}")).Problem(400, "malformed");
        (await SendAsync(HttpMethod.Put, "/v1/rules/shadow/bad", "{\"model\":{\"config\":\"name: x\",\"trees\":{}}}")).Problem(400, "invalid-model");
        (await SendAsync(HttpMethod.Put, "/v1/rules/shadow/bad", "{\"rules\":\"name: x\"}")).Problem(400, "invalid-rules");
        (await SendAsync(HttpMethod.Put, "/v1/rules/shadow/bad", JsonSerializer.Serialize(new { model = new { config = TinyModel.Yaml(1, "amount"), trees = new { } } }))).Problem(400, "invalid-trees");
    }

    [Fact]
    public async Task A_backtest_scores_with_the_model_in_force_or_with_another()
    {
        await DecideAsync("t1", 15);
        await DecideAsync("t2", 400);
        await PutAsync(1, 250);
        Assert.Equal("tiny@1 1", await BacktestAsync(new { rules = RuleChangeTests.Yaml(2, "amount > 10000") }));
        Assert.Equal(" 0", await BacktestAsync(new { rules = RuleChangeTests.Yaml(2, "amount > 10000"), model = (object?)null }));
        Assert.Equal("tiny@2 2", await BacktestAsync(new { model = Body(2, 10, "model", "amount") }));
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        var described = new OpenApiTests(_engine);
        await described.HoldsAsync("get", "/v1/model", await _engine.GetAsync("/v1/model"), OpenApiTests.Problem);
        await described.HoldsAsync("put", "/v1/model", await PutAsync(1, 250, value: "count(account, 1h)"), OpenApiTests.Json);
        await described.HoldsAsync("put", "/v1/model", await PutAsync(2, 250), OpenApiTests.Json);
        await described.HoldsAsync("put", "/v1/model", await PutAsync(2, 251), OpenApiTests.Problem);
        await described.HoldsAsync("put", "/v1/model", await PutAsync(2, 251, value: "amont"), OpenApiTests.Problem);
        await described.HoldsAsync("put", "/v1/model", await SendAsync(HttpMethod.Put, "/v1/model", "{}"), OpenApiTests.Problem);
        await described.HoldsAsync("get", "/v1/model", await _engine.GetAsync("/v1/model"), OpenApiTests.Json);
        await described.HoldsAsync("get", "/v1/model/versions", await _engine.GetAsync("/v1/model/versions"), OpenApiTests.Json);
        await described.HoldsAsync("post", "/v1/model/rollback", await RollBackAsync(""), OpenApiTests.Json);
        await described.HoldsAsync("post", "/v1/model/rollback", await RollBackAsync("{\"model\":\"none@1\"}"), OpenApiTests.Problem);
        await PutAsync(3, 250);
        await described.HoldsAsync("post", "/v1/transactions", await _engine.PostAsync(Tx.Json("a", "t", ("amount", "400"))), OpenApiTests.Json);
        await described.HoldsAsync("get", "/v1/accounts/{id}/transactions", await _engine.GetAsync("/v1/accounts/a/transactions"), OpenApiTests.Json);
    }

    private static object Body(int version, int limit, string score, string value) =>
        new { config = TinyModel.Yaml(version, value, score), trees = JsonDocument.Parse(TinyModel.Trees(limit)).RootElement };

    private static string Describe(JsonElement decision) =>
        $"{decision.GetProperty("outcome")} {decision.GetProperty("score").GetDecimal().ToString("0.####", CultureInfo.InvariantCulture)} reasons: {string.Join(' ', decision.GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetProperty("rule")))}";

    /// <summary>Which model each tries, and how many of the four payments it would have stopped: decided were 15, 15, 150 and 400, of which the last was stopped.</summary>
    private async Task CheckShadowsAsync()
    {
        var told = new List<string>();
        foreach (var name in new[] { "rules", "alone", "model", "both", "yaml" })
        {
            var path = $"/v1/rules/shadow/{name}";
            await Eventually.ThatAsync(
                () => _engine.GetAsync(path).GetAwaiter().GetResult().Json is var json && json.GetProperty("lag").GetInt64() == 0 && json.GetProperty("state").GetString() == "live",
                $"{name} has looked at everything");
            var shadow = (await _engine.GetAsync(path)).Json;
            told.Add($"{name}: {shadow.GetProperty("ruleSet")} {shadow.GetProperty("model")} {shadow.GetProperty("report").GetProperty("alerts")}");
        }

        Assert.Equal(["rules: test@2 tiny@1 1", "alone: test@1  1", "model: test@1 tiny@2 3", "both: test@2 tiny@2 4", "yaml: test@1 tiny@1 1"], told);
    }

    private async Task PutShadowAsync(string name, object body)
    {
        var reply = await SendAsync(HttpMethod.Put, $"/v1/rules/shadow/{name}", JsonSerializer.Serialize(body));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
    }

    /// <summary>The model and the alerts.</summary>
    private async Task<string> BacktestAsync(object body)
    {
        var reply = await SendAsync(HttpMethod.Post, "/v1/backtests?wait=true", JsonSerializer.Serialize(body));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return $"{reply.Json.GetProperty("model")} {reply.Json.GetProperty("report").GetProperty("alerts")}";
    }

    private async Task<JsonElement> DecideAsync(string id, int amount)
    {
        var reply = await _engine.PostAsync(Tx.Json("a", id, ("amount", $"{amount}")));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply.Json;
    }

    private Task<Reply> PutAsync(int version, int limit, string score = "model", string value = "amount") =>
        SendAsync(HttpMethod.Put, "/v1/model", JsonSerializer.Serialize(Body(version, limit, score, value)));

    private Task<Reply> RollBackAsync(string body) => SendAsync(HttpMethod.Post, "/v1/model/rollback", body);

    private async Task<Reply> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }

        using var response = await _engine.Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }
}
