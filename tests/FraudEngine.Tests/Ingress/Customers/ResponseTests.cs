using System.Net;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Ingress.Customers;

/// <summary>Customers' answers over the API, and holds: what they bring about.</summary>
public sealed class ResponseTests : IAsyncLifetime
{
    private RunningEngine _engine = null!;
    private CustomerClient _client = null!;

    public async Task InitializeAsync()
    {
        _engine = await CustomerClient.StartAsync();
        _client = new CustomerClient(_engine);
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_denial_stops_the_very_next_payment_until_the_account_is_released()
    {
        var account = Tx.NewAccount();
        var alert = await _client.AlertAsync(account, "t-1");
        (await _client.SendAsync("GET", $"/v1/alerts/{alert}/response")).Problem(404, "not-answered");
        var answer = await _client.RespondAsync(alert, "denied");
        var body =
            $$"""{"alertId":"{{alert}}","accountId":"{{account}}","transactionId":"t-1","response":"denied","by":"customer","at":"2026-06-01T12:00:00Z","held":true,"caseId":"{{alert}}","changed":true}""";
        Assert.Equal((HttpStatusCode.OK, body), (answer.Status, answer.Body));
        Assert.Equal("decline account-held", await _client.DecideAsync(account, "t-2", "5"));
        Assert.Equal("t-2:- t-1:true", await new LabelClient(_engine).FraudsAsync(account));
        Assert.Equal("open", (await _engine.GetAsync($"/v1/cases/{alert}")).Json.GetProperty("status").GetString());
        Assert.Equal(account, Assert.Single((await _engine.GetAsync("/v1/holds")).Json.GetProperty("holds").EnumerateArray()).GetProperty("accountId").GetString());

        await _engine.RestartAsync();
        Assert.Equal("decline account-held", await _client.DecideAsync(account, "t-3", "5"));
        answer = await _client.RespondAsync(alert, "denied");
        Assert.Equal((HttpStatusCode.OK, body.Replace("\"changed\":true", "\"changed\":false", StringComparison.Ordinal)), (answer.Status, answer.Body));
        Assert.Equal(body.Replace(",\"changed\":true", "", StringComparison.Ordinal), (await _engine.GetAsync($"/v1/alerts/{alert}/response")).Body);
        (await _client.RespondAsync(alert, "confirmed")).Problem(409, "answered-otherwise");

        var release = """{"by":"ana","reason":"Spoke with the customer"}""";
        Assert.Equal($$"""{"accountId":"{{account}}","held":false,"changed":true}""", (await _client.SendAsync("POST", $"/v1/accounts/{account}/release", release)).Body);
        Assert.Equal($$"""{"accountId":"{{account}}","held":false,"changed":false}""", (await _client.SendAsync("POST", $"/v1/accounts/{account}/release", release)).Body);
        Assert.Equal("approve", await _client.DecideAsync(account, "t-4", "5"));
        Assert.Equal("[]", (await _engine.GetAsync("/v1/holds")).Json.GetProperty("holds").GetRawText());
        Assert.False((await _engine.GetAsync($"/v1/alerts/{alert}/response")).Json.GetProperty("held").GetBoolean());
    }

    [Fact]
    public async Task A_confirmation_lets_payments_like_it_pass()
    {
        var account = Tx.NewAccount();
        var alert = await _client.AlertAsync(account, "t-1");
        var answer = (await _client.RespondAsync(alert, "confirmed")).Json;
        Assert.False(answer.GetProperty("held").GetBoolean());
        Assert.False(answer.TryGetProperty("caseId", out _));
        Assert.Equal("t-1:false", await new LabelClient(_engine).FraudsAsync(account));
        Assert.StartsWith("approve", await _client.DecideAsync(account, "t-2", "6000", "m-1"), StringComparison.Ordinal);
        Assert.StartsWith("decline", await _client.DecideAsync(account, "t-3", "6000", "m-2"), StringComparison.Ordinal);
        (await _engine.GetAsync($"/v1/cases/{alert}")).Problem(404, "unknown-case");
        (await _client.RespondAsync(alert, "denied")).Problem(409, "answered-otherwise");
    }

    [Fact]
    public async Task Of_answers_that_come_at_once_one_counts()
    {
        var alert = await _client.AlertAsync(Tx.NewAccount(), "t-1");
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => _client.RespondAsync(alert, i % 2 == 0 ? "denied" : "confirmed")));
        Assert.Equal(8, replies.Count(static reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(8, replies.Count(static reply => reply.Status == HttpStatusCode.Conflict));
        Assert.Single(replies, static reply => reply.Status == HttpStatusCode.OK && reply.Json.GetProperty("changed").GetBoolean());
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_refused_but_one_that_was_given_stands()
    {
        var account = Tx.NewAccount();
        var answered = await _client.AlertAsync(account, "t-1");
        var late = await _client.AlertAsync(account, "t-2");
        await _client.RespondAsync(answered, "confirmed");
        _engine.Clock.Advance(TimeSpan.FromDays(3));
        var inTime = await _client.AlertAsync(Tx.NewAccount(), "t-3");
        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        (await _client.RespondAsync(late, "denied")).Problem(410, "too-late");
        Assert.Equal(HttpStatusCode.OK, (await _client.RespondAsync(answered, "confirmed")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.RespondAsync(inTime, "confirmed")).Status);
        Assert.Equal("approve", await _client.DecideAsync(account, "t-4", "5"));
    }

    [Fact]
    public async Task What_has_nothing_to_answer_is_refused()
    {
        var account = Tx.NewAccount();
        await _client.SendAsync("PUT", $"/v1/accounts/{account}/preferences", """{"language":"en","activity":[{"id":"payment-above","chosen":100}]}""");
        var activity = (await _engine.PostAsync(Tx.Json(account, "t", ("amount", "200")))).Json.GetProperty("alertId").GetString();
        (await _client.SendAsync("POST", $"/v1/alerts/{activity}/response", """{"response":"denied"}""")).Problem(409, "not-of-fraud");
        (await _client.RespondAsync(new AlertId(1, 2), "denied")).Problem(404, "unknown-alert");
        (await _client.SendAsync("POST", "/v1/alerts/x/response", """{"response":"denied"}""")).Problem(404, "unknown-alert");
        (await _client.SendAsync("GET", "/v1/alerts/x/response")).Problem(404, "unknown-alert");
    }

    [Theory]
    [InlineData("{}", "response is required")]
    [InlineData("""{"response":"yes"}""", "response must be confirmed or denied")]
    [InlineData("""{"response":true}""", "response must be confirmed or denied")]
    [InlineData("""{"response":"denied","by":""}""", "by must not be empty")]
    [InlineData("""{"response":"denied","by":"a\nb"}""", "by must have printable characters only")]
    [InlineData("""{"response":"denied","why":"x"}""", "why is not known; there are response, by")]
    public async Task Mistakes_are_named(string body, string errors) =>
        Assert.Equal(errors, (await _client.SendAsync("POST", $"/v1/alerts/{new AlertId(1, 2)}/response", body)).Errors());

    [Fact]
    public async Task An_account_is_held_and_released_by_hand()
    {
        var account = Tx.NewAccount();
        await _client.DecideAsync(account, "t-1", "5");
        var path = $"/v1/accounts/{account}";
        const string review = """{"outcome":"review","by":"ana","reason":"Unusual logins"}""";
        var held = (await _client.SendAsync("POST", $"{path}/hold", review)).Body;
        Assert.Equal($$"""{"accountId":"{{account}}","held":true,"outcome":"review","by":"ana","reason":"Unusual logins","at":"2026-06-01T12:00:00Z","changed":true}""", held);
        Assert.EndsWith("\"changed\":false}", (await _client.SendAsync("POST", $"{path}/hold", review)).Body, StringComparison.Ordinal);
        Assert.Equal("review account-held", await _client.DecideAsync(account, "t-2", "5"));
        Assert.Equal("review", (await _engine.GetAsync(path)).Json.GetProperty("hold").GetProperty("outcome").GetString());
        await _client.SendAsync("POST", $"{path}/hold", """{"outcome":"decline","by":"ben","reason":"Card stolen"}""");
        Assert.Equal("decline account-held", await _client.DecideAsync(account, "t-3", "5"));
        await _client.SendAsync("POST", $"{path}/release", """{"by":"ana","reason":"New card"}""");
        Assert.Equal("approve", await _client.DecideAsync(account, "t-4", "5"));
        Assert.Equal(
            "outcome must be decline or review; by is required; reason must have printable characters only",
            (await _client.SendAsync("POST", $"{path}/hold", """{"outcome":"approve","reason":"a\u0007"}""")).Errors());
        Assert.Equal("by is required; reason is required", (await _client.SendAsync("POST", $"{path}/release", "{}")).Errors());
    }

    [Fact]
    public async Task Held_accounts_are_listed_page_by_page()
    {
        var accounts = Enumerable.Range(0, 7).Select(static i => $"{Tx.NewAccount()}-/ä{i}").ToList();
        foreach (var account in accounts)
        {
            _engine.Clock.Advance(TimeSpan.FromSeconds(1));
            await _client.SendAsync("POST", $"/v1/accounts/{Uri.EscapeDataString(account)}/hold", """{"outcome":"review","by":"ana","reason":"x"}""");
        }

        await _client.SendAsync("POST", $"/v1/accounts/{Uri.EscapeDataString(accounts[3])}/release", """{"by":"ana","reason":"x"}""");
        accounts.RemoveAt(3);
        var listed = new List<string>();
        string? next = null;
        do
        {
            var page = (await _engine.GetAsync($"/v1/holds?limit=2{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}")).Json;
            listed.AddRange(page.GetProperty("holds").EnumerateArray().Select(static one => one.GetProperty("accountId").GetString()!));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        accounts.Reverse();
        Assert.Equal(accounts, listed);
        foreach (var query in new[] { "limit=0", "limit=1001", "limit=x", "after=x", "after=1", "after=-a", "after=1-" })
        {
            (await _engine.GetAsync($"/v1/holds?{query}")).Problem(400, "invalid-query");
        }
    }
}
