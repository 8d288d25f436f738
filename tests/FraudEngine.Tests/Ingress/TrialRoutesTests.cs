using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FraudEngine.Tests.TransactionFeed;
using FraudEngine.Tests.Trials;
using FraudEngine.Trials;

namespace FraudEngine.Tests.Ingress;

/// <summary>Backtests and shadows over HTTP, on an engine that decides.</summary>
public sealed class TrialRoutesTests
{
    private const int Count = 4000;

    private static readonly string Payments = TransactionFeed.Payments.Ndjson(Count, customers: 40);

    [Fact]
    public async Task A_shadow_a_backtest_and_a_backtest_of_the_file_agree()
    {
        await using var engine = await StartAsync();
        await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/try", TrialRules.Candidate);
        await engine.StreamAsync(Payments);
        var shadow = await LiveAsync(engine, "try");
        var backtest = (await SendAsync(engine, HttpMethod.Post, "/v1/backtests?wait=true", TrialRules.Candidate)).Json;
        Assert.Equal("done", backtest.GetProperty("state").GetString());
        Assert.Equal(backtest.GetProperty("report").GetRawText(), shadow.GetProperty("report").GetRawText());

        using var folder = new TemporaryFolder();
        using var feed = new Feed();
        Assert.Equal(0, await feed.RunAsync(
            "backtest", "--rules", folder.Write("c.yaml", TrialRules.Candidate), "--data", folder.Write("p.ndjson", Payments), "--to", engine.Address.ToString(), "--format", "json", "--out", folder.PathOf("r.json")));
        var ofFile = TrialReportJson.Read(JsonDocument.Parse(await File.ReadAllTextAsync(folder.PathOf("r.json"))).RootElement);
        Assert.Equal("force@1", ofFile.Against);
        Assert.Equal(Rows(ofFile), Rows(TrialReportJson.Read(backtest.GetProperty("report"))));
        Assert.True(ofFile.Difference!.NewlyStopped.Count > 0 && ofFile.Difference.NewlyPassed.Count > 0);
    }

    [Fact]
    public async Task The_client_runs_a_backtest_on_the_engine_and_prints_the_same_report()
    {
        await using var engine = await StartAsync();
        await engine.StreamAsync(Payments);
        using var folder = new TemporaryFolder();
        using var feed = new Feed();
        var rules = folder.Write("c.yaml", TrialRules.Candidate);
        Assert.Equal(0, await feed.RunAsync("backtest", "--rules", rules, "--journal", "--to", engine.Address.ToString(), "--format", "csv"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/backtests/1");
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await engine.Client.SendAsync(request);
        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(await response.Content.ReadAsStringAsync(), feed.Results);

        Assert.Equal(1, await feed.RunAsync("backtest", "--rules", folder.Write("w.yaml", TrialRules.Candidate.Replace("amount >", "amout >", StringComparison.Ordinal)), "--journal", "--to", engine.Address.ToString()));
        Assert.Contains("6:", feed.Messages, StringComparison.Ordinal);
        Assert.Contains("amount", feed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_and_a_range_narrow_what_is_compared()
    {
        await using var engine = await StartAsync();
        await engine.StreamAsync(Payments);
        var times = Payments.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var (from, to) = (times[Count / 2].GetProperty("timestamp").GetString(), times[Count - 10].GetProperty("timestamp").GetString());
        var inside = times.Count(payment => string.CompareOrdinal(payment.GetProperty("timestamp").GetString(), from) >= 0 && string.CompareOrdinal(payment.GetProperty("timestamp").GetString(), to) < 0);
        var labels = times.Take(Count).Select((payment, i) => new { transactionId = payment.GetProperty("transactionId").GetString(), accountId = payment.GetProperty("accountId").GetString(), fraud = i % 2 == 0 });
        var body = JsonSerializer.Serialize(new { rules = TrialRules.Candidate, from, to, labels });
        var report = (await SendAsync(engine, HttpMethod.Post, "/v1/backtests?wait=true", body, "application/json")).Json.GetProperty("report");
        Assert.Equal(inside, report.GetProperty("transactions").GetProperty("decided").GetInt32());
        Assert.True(report.GetProperty("transactions").GetProperty("filled").GetInt32() > 0);
        Assert.Equal(inside, report.GetProperty("labels").GetProperty("fraud").GetInt32() + report.GetProperty("labels").GetProperty("genuine").GetInt32());

        // The windows were filled, so what is inside is decided as in a backtest of everything.
        var all = (await SendAsync(engine, HttpMethod.Post, $"/v1/backtests?wait=true&to={to}", TrialRules.Candidate)).Json.GetProperty("report");
        var before = (await SendAsync(engine, HttpMethod.Post, $"/v1/backtests?wait=true&to={from}", TrialRules.Candidate)).Json.GetProperty("report");
        Assert.Equal(
            all.GetProperty("alerts").GetInt64() - before.GetProperty("alerts").GetInt64(),
            report.GetProperty("alerts").GetInt64());

        var account = times[0].GetProperty("accountId").GetString();
        var one = (await SendAsync(engine, HttpMethod.Post, $"/v1/backtests?wait=true&account={account}", TrialRules.Candidate)).Json.GetProperty("report");
        Assert.Equal(times.Count(payment => payment.GetProperty("accountId").GetString() == account), one.GetProperty("transactions").GetProperty("decided").GetInt32());
    }

    [Fact]
    public async Task Backtests_are_listed_found_and_removed()
    {
        await using var engine = await StartAsync();
        var started = await SendAsync(engine, HttpMethod.Post, "/v1/backtests", TrialRules.Candidate);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var id = started.Json.GetProperty("id").GetString();
        await Eventually.ThatAsync(() => engine.GetAsync($"/v1/backtests/{id}").GetAwaiter().GetResult().Json.GetProperty("state").GetString() == "done", "the backtest was done");
        Assert.Equal(id, Assert.Single((await engine.GetAsync("/v1/backtests")).Json.GetProperty("backtests").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(engine, HttpMethod.Delete, $"/v1/backtests/{id}")).Status);
        (await engine.GetAsync($"/v1/backtests/{id}")).Problem(404, "unknown-backtest");
        (await SendAsync(engine, HttpMethod.Delete, $"/v1/backtests/{id}")).Problem(404, "unknown-backtest");
    }

    [Theory]
    [InlineData("application/yaml", "name: x", 400, "invalid-rules")]
    [InlineData("application/yaml", "", 400, "malformed")]
    [InlineData("application/json", "", 400, "malformed")]
    [InlineData("application/json", "{", 400, "malformed")]
    [InlineData("application/json", "[]", 400, "malformed")]
    [InlineData("application/json", "{}", 400, "malformed")]
    [InlineData("application/json", """{"rules":1}""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x"} x""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x","more":1}""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x","from":"yesterday"}""", 400, "invalid-query")]
    [InlineData("application/json", """{"rules":"x","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", 400, "invalid-query")]
    [InlineData("application/json", """{"rules":"x","labels":[{"transactionId":"1","accountId":"a"}]}""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x","labels":[{"transactionId":"1","accountId":"\ud800","fraud":true}]}""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x","labels":{}}""", 400, "malformed")]
    [InlineData("application/json", """{"rules":"x"}""", 400, "invalid-rules")]
    public async Task A_wrong_request_is_refused_and_takes_no_place(string type, string body, int status, string kind)
    {
        await using var engine = await StartAsync();
        for (var i = 0; i <= Backtests.RunningMax; i++)
        {
            (await SendAsync(engine, HttpMethod.Post, "/v1/backtests", body, type)).Problem(status, kind);
        }
    }

    [Fact]
    public async Task Shadows_live_on_after_a_restart_and_end_when_removed()
    {
        await using var engine = await StartAsync();
        await engine.StreamAsync(string.Join('\n', Payments.Split('\n').Take(Count / 2)));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/try", TrialRules.Candidate)).Status);
        await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/same", TrialRules.InForce);
        await engine.StreamAsync(string.Join('\n', Payments.Split('\n').Skip(Count / 2)));
        var before = await LiveAsync(engine, "try");
        Assert.Equal(Count / 2, before.GetProperty("report").GetProperty("transactions").GetProperty("decided").GetInt32());
        await engine.RestartAsync();
        var after = await LiveAsync(engine, "try");
        Assert.Equal(before.GetRawText(), after.GetRawText());
        Assert.Equal(0, (await LiveAsync(engine, "same")).GetProperty("report").GetProperty("difference").GetProperty("changed").GetInt32());
        Assert.Equal("same try", string.Join(' ', (await engine.GetAsync("/v1/rules/shadow")).Json.GetProperty("shadows").EnumerateArray().Select(shadow => shadow.GetProperty("name").GetString())));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(engine, HttpMethod.Delete, "/v1/rules/shadow/try")).Status);
        (await engine.GetAsync("/v1/rules/shadow/try")).Problem(404, "unknown-shadow");
        (await SendAsync(engine, HttpMethod.Delete, "/v1/rules/shadow/try")).Problem(404, "unknown-shadow");
        (await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/a%20b", TrialRules.Candidate)).Problem(400, "invalid-name");
        (await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/try", "rules: []")).Problem(400, "invalid-rules");
    }

    [Fact]
    public async Task Answers_are_as_the_contract_describes_them()
    {
        await using var engine = await StartAsync();
        var contract = new OpenApiTests(engine);
        await engine.StreamAsync(Payments);
        const string json = "application/json";
        const string problem = "application/problem+json";
        var body = JsonSerializer.Serialize(new { rules = TrialRules.Candidate, labels = new[] { new { transactionId = "x", accountId = "y", fraud = true } } });
        await contract.HoldsAsync("post", "/v1/backtests", await SendAsync(engine, HttpMethod.Post, "/v1/backtests", body, json), json);
        await contract.HoldsAsync("post", "/v1/backtests", await SendAsync(engine, HttpMethod.Post, "/v1/backtests?wait=true", body, json), json);
        await contract.HoldsAsync("post", "/v1/backtests", await SendAsync(engine, HttpMethod.Post, "/v1/backtests", "name: x"), problem);
        await contract.HoldsAsync("get", "/v1/backtests", await engine.GetAsync("/v1/backtests"), json);
        await contract.HoldsAsync("get", "/v1/backtests/{id}", await engine.GetAsync("/v1/backtests/2"), json);
        await contract.HoldsAsync("get", "/v1/backtests/{id}", await engine.GetAsync("/v1/backtests/x"), problem);
        await contract.HoldsAsync("put", "/v1/rules/shadow/{name}", await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/try", TrialRules.Candidate), json);
        await contract.HoldsAsync("put", "/v1/rules/shadow/{name}", await SendAsync(engine, HttpMethod.Put, "/v1/rules/shadow/try", "x"), problem);
        await contract.HoldsAsync("get", "/v1/rules/shadow", await engine.GetAsync("/v1/rules/shadow"), json);
        await contract.HoldsAsync("get", "/v1/rules/shadow/{name}", await engine.GetAsync("/v1/rules/shadow/try"), json);
        await contract.HoldsAsync("get", "/v1/rules/shadow/{name}", await engine.GetAsync("/v1/rules/shadow/x"), problem);
        await contract.HoldsAsync("delete", "/v1/rules/shadow/{name}", await SendAsync(engine, HttpMethod.Delete, "/v1/rules/shadow/x"), problem);
        await contract.HoldsAsync("delete", "/v1/backtests/{id}", await SendAsync(engine, HttpMethod.Delete, "/v1/backtests/x"), problem);
    }

    /// <summary>All numbers of a report but those that depend on the order of different accounts' transactions.</summary>
    private static IEnumerable<string> Rows(TrialReport report) =>
        TrialReportCsv.Write(report).Split('\n').Where(row => !row.Contains(",example,", StringComparison.Ordinal) && !row.Contains(",against,", StringComparison.Ordinal));

    private static async Task<RunningEngine> StartAsync()
    {
        var engine = new RunningEngine { RuleFile = TrialRules.InForce };
        await engine.InitializeAsync();
        return engine;
    }

    private static async Task<JsonElement> LiveAsync(RunningEngine engine, string name)
    {
        JsonElement shadow = default;
        await Eventually.ThatAsync(
            () => (shadow = engine.GetAsync($"/v1/rules/shadow/{name}").GetAwaiter().GetResult().Json).GetProperty("lag").GetInt64() == 0 && shadow.GetProperty("state").GetString() == "live",
            "the shadow had looked at everything");
        return shadow;
    }

    private static async Task<Reply> SendAsync(RunningEngine engine, HttpMethod method, string path, string? body = null, string type = "application/yaml")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }

        using var response = await engine.Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }
}
