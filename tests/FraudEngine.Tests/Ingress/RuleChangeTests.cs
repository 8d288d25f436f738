using System.Text;
using System.Text.Json;
using FraudEngine.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace FraudEngine.Tests.Ingress;

/// <summary>Rules put over HTTP, their versions, and the rules file that is followed.</summary>
public sealed class RuleChangeTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly RunningEngine _engine = new() { RuleFile = Yaml(1, "amount > 100") };

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    public async Task Rules_that_are_put_decide_from_the_next_transaction_on()
    {
        Assert.Equal("approve test@1", await DecideAsync("a", "t1", 50));
        var put = await PutAsync(Yaml(2, "amount > 10"));
        Assert.Equal("test@2", put.Json.GetProperty("ruleSet").GetString());
        Assert.Equal("review test@2", await DecideAsync("a", "t2", 50));
        Assert.Equal("amount > 10", (await _engine.GetAsync("/v1/rules")).Json.GetProperty("rules")[0].GetProperty("when").GetString());

        // What was decided stays.
        Assert.Equal("approve test@1", await DecideAsync("a", "t1", 50));
    }

    [Fact]
    public async Task Windows_that_other_rules_need_know_what_came_before_them()
    {
        foreach (var merchant in (string[])["m1", "m2", "m3"])
        {
            await DecideAsync("a", merchant, 50, merchant);
        }

        await PutAsync(Yaml(2, "distinct(account.merchantId, 1h) == 4 && sum(account.amount, 1d) == 201"));
        Assert.Equal("review test@2", await DecideAsync("a", "t4", 51, "m4"));
    }

    [Fact]
    public async Task Wrong_rules_are_refused_as_a_whole_and_each_error_has_its_place()
    {
        var reply = await PutAsync(Yaml(2, "amount > 10 && contry == 'BE'"));
        var problem = reply.Problem(400, "invalid-rules");
        var error = problem.GetProperty("errors")[0];
        Assert.Equal(5, error.GetProperty("line").GetInt32());
        Assert.Contains("did you mean 'country'?", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("contry", error.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Equal("approve test@1", await DecideAsync("a", "t1", 50));
    }

    [Fact]
    public async Task What_customers_may_choose_to_be_told_of_is_shown()
    {
        Assert.False((await _engine.GetAsync("/v1/rules")).Json.TryGetProperty("activity", out _));
        const string activity = """
            activity:
              - { id: above, takes: number, when: amount > chosen, text: Above, texts: { de: Darüber } }
              - { id: online, when: channel == "online", text: Online }
            """;
        await PutAsync(Yaml(2, "amount > 10") + activity);
        var rules = (await _engine.GetAsync("/v1/rules")).Json;
        Assert.Equal(
            """[{"id":"above","takes":"number","when":"amount > chosen","text":"Above","texts":{"de":"Darüber"}},{"id":"online","when":"channel == \"online\"","text":"Online"}]""",
            rules.GetProperty("activity").GetRawText());
        var schema = new JsonSchema((await _engine.GetAsync("/openapi/v1.json")).Json);
        Assert.Equal("", schema.Check(schema.Resolve("#/components/schemas/RuleSet"), rules));
    }

    [Fact]
    public async Task A_version_never_changes()
    {
        await PutAsync(Yaml(2, "amount > 10"));
        var problem = (await PutAsync(Yaml(2, "amount > 20"))).Problem(409, "version-taken");
        Assert.Contains("Raise 'version' to 3", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("review test@2", await DecideAsync("a", "t1", 15));

        // Comments and layout are no change.
        Assert.Equal("test@2", (await PutAsync("# tried on Monday\n" + Yaml(2, "amount > 10"))).Json.GetProperty("ruleSet").GetString());
    }

    [Fact]
    public async Task A_shadow_of_the_same_version_takes_the_place_of_none_that_decided()
    {
        using var candidate = new StringContent(Yaml(1, "amount > 1"), Encoding.UTF8, "application/yaml");
        using var shadow = await _engine.Client.PutAsync("/v1/rules/shadow/try", candidate);
        Assert.True(shadow.IsSuccessStatusCode);

        (await PutAsync(Yaml(1, "amount > 1"))).Problem(409, "version-taken");
        Assert.Equal("approve test@1", await DecideAsync("a", "t1", 50));
        Assert.Equal(Yaml(1, "amount > 100"), (await _engine.GetAsync("/v1/rules/versions/test@1")).Json.GetProperty("source").GetString());

        await PutAsync(Yaml(2, "amount > 10"));
        Assert.Equal("test@1", (await RollBackAsync("{\"ruleSet\":\"test@1\"}")).Json.GetProperty("ruleSet").GetString());
        Assert.Equal("approve test@1", await DecideAsync("a", "t2", 50));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("just words")]
    [InlineData("name: [")]
    public async Task A_body_that_is_no_rule_set_is_refused(string body) => Assert.Equal(400, (int)(await PutAsync(body)).Status);

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        using var content = new StreamContent(new MemoryStream(new byte[9 * 1024 * 1024]));
        using var response = await _engine.Client.PutAsync("/v1/rules", content);
        (await Reply.OfAsync(response)).Problem(413, "too-large");
        using var invalid = await _engine.Client.PutAsync("/v1/rules", new ByteArrayContent([0xff, 0xfe, 0x41]));
        (await Reply.OfAsync(invalid)).Problem(400, "malformed");
    }

    [Theory]
    [InlineData("PUT /v1/rules", "application/yaml")]
    [InlineData("PUT /v1/rules/shadow/a", "application/yaml")]
    [InlineData("POST /v1/rules/rollback", "application/json")]
    [InlineData("POST /v1/backtests", "application/yaml")]
    [InlineData("POST /v1/backtests", "application/json")]
    public async Task A_broken_body_is_told_as_a_problem(string call, string contentType)
    {
        using var connection = await _engine.ConnectAsync();
        await connection.SendAsync($"{call} HTTP/1.1\r\nHost: x\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n");
        var answer = await connection.ReceiveUntilAsync("Send it again");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_to_half_a_character_is_refused()
    {
        using var body = new StringContent("{\"ruleSet\":\"\\ud800\"}", Encoding.UTF8, "application/json");
        using var response = await _engine.Client.PostAsync("/v1/rules/rollback", body);
        (await Reply.OfAsync(response)).Problem(400, "malformed");
    }

    [Fact]
    public async Task What_was_put_last_is_in_force_after_a_restart()
    {
        await PutAsync(Yaml(2, "distinct(account.merchantId, 1h) > 1"));
        await DecideAsync("a", "t1", 50, "m1");
        await _engine.RestartAsync();
        Assert.Equal("review test@2", await DecideAsync("a", "t2", 50, "m2"));

        // A file that was changed since comes after it.
        _engine.RuleFile = Yaml(3, "amount > 1000");
        await _engine.RestartAsync();
        Assert.Equal("approve test@3", await DecideAsync("a", "t3", 50, "m3"));
    }

    [Fact]
    public async Task A_rollback_puts_back_what_was_in_force_before()
    {
        (await RollBackAsync("")).Problem(404, "unknown-rule-set");
        await PutAsync(Yaml(2, "amount > 10"));
        await PutAsync(Yaml(3, "amount > 1"));
        Assert.Equal("test@2", (await RollBackAsync("")).Json.GetProperty("ruleSet").GetString());
        Assert.Equal("approve test@2", await DecideAsync("a", "t1", 5));
        Assert.Equal("test@1", (await RollBackAsync("{\"ruleSet\":\"test@1\"}")).Json.GetProperty("ruleSet").GetString());
        (await RollBackAsync("{\"ruleSet\":\"test@9\"}")).Problem(404, "unknown-rule-set");
        (await RollBackAsync("{\"ruleset\":1}")).Problem(400, "malformed");
    }

    [Fact]
    public async Task Versions_are_listed_with_what_brought_them_and_shown_with_their_text()
    {
        await PutAsync(Yaml(2, "amount > 10"));
        await RollBackAsync("");
        var versions = (await _engine.GetAsync("/v1/rules/versions")).Json.GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal(["test@2 False http", "test@1 True start,rollback"], versions.Select(Describe));
        var one = await _engine.GetAsync("/v1/rules/versions/test@2");
        Assert.Equal(Yaml(2, "amount > 10"), one.Json.GetProperty("source").GetString());
        (await _engine.GetAsync("/v1/rules/versions/test@3")).Problem(404, "unknown-rule-set");
    }

    [Fact]
    public async Task The_rules_file_is_followed_and_an_error_in_it_changes_nothing()
    {
        await WriteFileAsync(Yaml(2, "amount > 10"));
        await InForceAsync("test@2");
        await WriteFileAsync("name: nothing");
        await WriteFileAsync(Yaml(2, "amount > 20"));
        await WriteFileAsync(Yaml(3, "amount > 30"));
        await InForceAsync("test@3");
        Assert.Equal("approve test@3", await DecideAsync("a", "t1", 25));
        await _engine.RestartAsync();
    }

    [Fact]
    public async Task A_rules_file_that_changes_before_it_is_watched_is_taken_over()
    {
        var path = Path.Combine(Path.GetDirectoryName(_engine.RulesPath)!, "other.yaml");
        await File.WriteAllTextAsync(path, Yaml(2, "amount > 10"));
        using var file = new RulesFile(path, Yaml(1, "amount > 100"), _engine.Host.Rules, NullLogger.Instance, TimeProvider.System);
        await InForceAsync("test@2");
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        await PutAsync(Yaml(2, "amount > 10"));
        var described = new OpenApiTests(_engine);
        await described.HoldsAsync("put", "/v1/rules", await PutAsync(Yaml(3, "amount > 10")), OpenApiTests.Json);
        await described.HoldsAsync("put", "/v1/rules", await PutAsync("name: x"), OpenApiTests.Problem);
        await described.HoldsAsync("put", "/v1/rules", await PutAsync(Yaml(3, "amount > 11")), OpenApiTests.Problem);
        await described.HoldsAsync("post", "/v1/rules/rollback", await RollBackAsync(""), OpenApiTests.Json);
        await described.HoldsAsync("post", "/v1/rules/rollback", await RollBackAsync("{\"ruleSet\":\"none@1\"}"), OpenApiTests.Problem);
        await described.HoldsAsync("get", "/v1/rules/versions", await _engine.GetAsync("/v1/rules/versions"), OpenApiTests.Json);
        await described.HoldsAsync("get", "/v1/rules/versions/{ruleSet}", await _engine.GetAsync("/v1/rules/versions/test@1"), OpenApiTests.Json);
        await described.HoldsAsync("get", "/v1/rules/versions/{ruleSet}", await _engine.GetAsync("/v1/rules/versions/none@1"), OpenApiTests.Problem);
    }

    internal static string Yaml(int version, string when) =>
        $$"""
        name: test
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: only, when: "{{when}}", score: 0.5, text: Only }

        """;

    private static string Describe(JsonElement version) =>
        $"{version.GetProperty("ruleSet")} {version.GetProperty("inForce")} {string.Join(',', version.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("cause")))}";

    private async Task<string> DecideAsync(string account, string id, int amount, string merchant = "m")
    {
        var reply = await _engine.PostAsync(Tx.Json(account, id, ("amount", $"{amount}"), ("merchantId", $"\"{merchant}\"")));
        return $"{reply.Json.GetProperty("outcome")} {reply.Json.GetProperty("ruleSet")}";
    }

    private async Task<Reply> PutAsync(string yaml)
    {
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using var response = await _engine.Client.PutAsync("/v1/rules", content);
        return await Reply.OfAsync(response);
    }

    private async Task<Reply> RollBackAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _engine.Client.PostAsync("/v1/rules/rollback", content);
        return await Reply.OfAsync(response);
    }

    private Task WriteFileAsync(string yaml) => File.WriteAllTextAsync(_engine.RulesPath, _engine.RuleFile = yaml);

    private Task InForceAsync(string ruleSet) =>
        Eventually.ThatAsync(() => _engine.Host.Engine.InForce.Rules.Reference == ruleSet, $"{ruleSet} is in force");
}
