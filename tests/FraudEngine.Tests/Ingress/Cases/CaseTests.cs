using System.Net;
using System.Text.Json;
using FraudEngine.Tests.Ingress.Customers;

namespace FraudEngine.Tests.Ingress.Cases;

/// <summary>Analysts' cases over HTTP.</summary>
public sealed class CaseTests : IAsyncLifetime
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
    public async Task A_case_goes_from_opened_to_resolved_and_labels_what_it_is_about()
    {
        var account = await AccountAsync(3);
        var opened = await OpenAsync(account, "t-0", "t-1");
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var id = opened.Json.GetProperty("id").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ana", (await StepAsync(id, "assign", """{"to":"ana","by":"ben"}""")).Json.GetProperty("assignee").GetString());
        await StepAsync(id, "note", """{"text":"Called.\nNo answer.","by":"ana"}""");
        var resolved = (await StepAsync(id, "resolve", """{"outcome":"fraud","by":"ana","note":"Sure"}""")).Json;
        Assert.Equal(("resolved", "fraud", 4), (resolved.GetProperty("status").GetString(), resolved.GetProperty("outcome").GetString(), resolved.GetProperty("version").GetInt32()));
        Assert.Equal("t-2:- t-1:true t-0:true", await new LabelClient(_engine).FraudsAsync(account));
        await _engine.RestartAsync();
        Assert.Equal(
            "ben opened |ben assigned ana|ana noted Called.\nNo answer.|ana resolved Sure",
            string.Join('|', (await _engine.GetAsync($"/v1/cases/{id}")).Json.GetProperty("history").EnumerateArray()
                .Select(static happened => $"{happened.GetProperty("by")} {happened.GetProperty("what")} {(happened.TryGetProperty("text", out var text) ? text.GetString() : "")}")));
        Assert.False((await StepAsync(id, "resolve", """{"outcome":"fraud","by":"ana","version":3}""")).Json.GetProperty("changed").GetBoolean());
        (await StepAsync(id, "resolve", """{"outcome":"genuine","by":"ana"}""")).Problem(409, "resolved-otherwise");
        (await StepAsync(id, "assign", """{"to":"ben","by":"ana"}""")).Problem(409, "case-resolved");
        Assert.Equal("t-2:- t-1:true t-0:true", await new LabelClient(_engine).FraudsAsync(account));
        await StepAsync(id, "reopen", """{"by":"ana"}""");
        await StepAsync(id, "resolve", """{"outcome":"genuine","by":"ana"}""");
        Assert.Equal("t-2:- t-1:false t-0:false", await new LabelClient(_engine).FraudsAsync(account));
    }

    [Fact]
    public async Task A_denial_raises_a_case_whose_resolution_can_release_the_account()
    {
        var account = Tx.NewAccount();
        var alert = await _client.AlertAsync(account, "t-1");
        await _client.RespondAsync(alert, "denied");
        var raised = (await _engine.GetAsync($"/v1/cases/{alert}")).Json;
        Assert.Equal((alert.ToString(), "[\"t-1\"]"), (raised.GetProperty("alertId").GetString(), raised.GetProperty("transactions").GetRawText()));
        Assert.Equal("decline account-held", await _client.DecideAsync(account, "t-2", "5"));
        var resolved = await StepAsync(alert.ToString(), "resolve", """{"outcome":"genuine","by":"ana","release":true}""");
        Assert.Equal(HttpStatusCode.OK, resolved.Status);
        Assert.Equal("approve", await _client.DecideAsync(account, "t-3", "5"));
        Assert.Equal("t-3:- t-2:- t-1:false", await new LabelClient(_engine).FraudsAsync(account));
    }

    [Fact]
    public async Task An_unsure_case_labels_nothing()
    {
        var account = await AccountAsync(1);
        var id = (await OpenAsync(account, "t-0")).Json.GetProperty("id").GetString()!;
        Assert.Equal("unsure", (await StepAsync(id, "resolve", """{"outcome":"unsure","by":"ana"}""")).Json.GetProperty("outcome").GetString());
        Assert.Equal("t-0:-", await new LabelClient(_engine).FraudsAsync(account));
    }

    [Fact]
    public async Task A_request_with_its_own_id_can_be_sent_again()
    {
        var account = await AccountAsync(1);
        var id = Guid.NewGuid().ToString("N");
        var body = $$"""{"id":"{{id}}","accountId":"{{account}}","transactions":["t-0"],"reason":"why","by":"ben"}""";
        Assert.Equal(HttpStatusCode.Created, (await _client.SendAsync("POST", "/v1/cases", body)).Status);
        await StepAsync(id, "note", """{"text":"n","by":"ana"}""");
        var again = await _client.SendAsync("POST", "/v1/cases", body);
        Assert.Equal((HttpStatusCode.OK, false, 2), (again.Status, again.Json.GetProperty("changed").GetBoolean(), again.Json.GetProperty("version").GetInt32()));
        (await _client.SendAsync("POST", "/v1/cases", body.Replace("why", "other", StringComparison.Ordinal))).Problem(409, "id-taken");
        var alert = await _client.AlertAsync(account, "t-9");
        (await _client.SendAsync("POST", "/v1/cases", body.Replace(id, alert.ToString(), StringComparison.Ordinal))).Problem(409, "id-taken");
        (await OpenAsync(account, "t-0", "none")).Problem(422, "unknown-transaction");
    }

    [Fact]
    public async Task A_change_of_an_older_version_is_refused_and_others_are_made_one_after_the_other()
    {
        var id = (await OpenAsync(await AccountAsync(1))).Json.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await StepAsync(id, "note", """{"text":"n","by":"ana","version":1}""")).Status);
        (await StepAsync(id, "note", """{"text":"n","by":"ana","version":1}""")).Problem(409, "version-conflict");
        (await StepAsync(id, "resolve", """{"outcome":"fraud","by":"ana","version":1}""")).Problem(409, "version-conflict");
        Assert.False((await StepAsync(id, "assign", """{"to":null,"by":"ana","version":1}""")).Json.GetProperty("changed").GetBoolean());
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => StepAsync(id, "note", $$"""{"text":"n-{{i}}","by":"ana"}""")));
        Assert.All(replies, static reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(6, (await _engine.GetAsync($"/v1/cases/{id}")).Json.GetProperty("history").GetArrayLength());
    }

    [Fact]
    public async Task Cases_are_listed_by_what_is_asked_for_page_by_page()
    {
        var random = new Random(7);
        string[] accounts = [await AccountAsync(1), await AccountAsync(1)], assignees = ["ana", "ben"], outcomes = ["fraud", "genuine", "unsure"];
        var all = new List<(string Id, string Account, string Assignee, string Outcome)>();
        for (var i = 0; i < 40; i++)
        {
            // Some at one instant.
            _engine.Clock.Advance(TimeSpan.FromSeconds(random.Next(2)));
            var (account, assignee, outcome) = (accounts[random.Next(2)], random.Next(3) is var who and < 2 ? assignees[who] : "", random.Next(6) is var what and < 3 ? outcomes[what] : "");
            var id = (await OpenAsync(account)).Json.GetProperty("id").GetString()!;
            if (assignee.Length > 0)
            {
                await StepAsync(id, "assign", $$"""{"to":"{{assignee}}","by":"x"}""");
            }

            if (outcome.Length > 0)
            {
                await StepAsync(id, "resolve", $$"""{"outcome":"{{outcome}}","by":"x"}""");
            }

            all.Add((id, account, assignee, outcome));
        }

        var order = await ReadAsync("limit=200");
        Assert.Equal(all.Select(static one => one.Id).Order(), order.Order());
        foreach (var account in (string[])["", .. accounts])
        {
            foreach (var assignee in (string[])["", .. assignees, "nobody"])
            {
                foreach (var status in (string[])["", "open", "resolved"])
                {
                    foreach (var outcome in (string[])["", .. outcomes])
                    {
                        var expected = all.Where(one => (account == "" || one.Account == account) && (assignee == "" || one.Assignee == assignee)
                            && (status == "" || status == "open" == (one.Outcome == "")) && (outcome == "" || one.Outcome == outcome)).Select(static one => one.Id).ToHashSet();
                        Assert.Equal(order.Where(expected.Contains), await ReadAsync($"account={account}&assignee={assignee}&status={status}&outcome={outcome}&limit={random.Next(1, 8)}"));
                    }
                }
            }
        }

        foreach (var query in new[] { "limit=0", "limit=201", "status=closed", "outcome=none", "after=1-x", "after=1", "account=%00", "assignee=a%00", "account=" + new string('a', 65) })
        {
            (await _engine.GetAsync($"/v1/cases?{query}")).Problem(400, "invalid-query");
        }
    }

    [Theory]
    [InlineData("", "{}", "accountId is required; reason is required; by is required")]
    [InlineData("", """{"id":"X","accountId":"","transactions":["a","a",1],"reason":" ","by":"b"}""", "id must be 32 hexadecimal digits, in small letters; accountId must not be empty; transactions[1] is given twice; transactions[2] must be a JSON string; reason must not be empty")]
    [InlineData("/x/assign", """{"by":"a"}""", "to is required; null for nobody")]
    [InlineData("/x/assign", """{"to":"","by":"a","version":0}""", "to must not be empty; version must be a whole number from 1")]
    [InlineData("/x/note", """{"text":"a\u0000","by":"a","x":1}""", "x is not known; there are text, by, version; text must have printable characters and line ends only")]
    [InlineData("/x/resolve", """{"outcome":"maybe","by":1,"release":"yes","version":"1"}""", "outcome must be fraud, genuine or unsure; by must be a JSON string; release must be true or false; version must be a whole number from 1")]
    [InlineData("/x/reopen", "{}", "by is required")]
    public async Task Mistakes_are_named(string path, string body, string errors) =>
        Assert.Equal(errors, (await _client.SendAsync("POST", $"/v1/cases{path}", body)).Errors());

    [Fact]
    public async Task What_is_not_there_and_what_is_too_long_is_refused()
    {
        foreach (var (step, body) in new[]
        {
            ("assign", """{"to":"a","by":"a"}"""), ("note", """{"text":"a","by":"a"}"""), ("resolve", """{"outcome":"fraud","by":"a"}"""), ("reopen", """{"by":"a"}"""),
        })
        {
            (await StepAsync(new string('0', 32), step, body)).Problem(404, "unknown-case");
        }

        (await _engine.GetAsync($"/v1/cases/{new string('x', 500)}")).Problem(404, "unknown-case");
        var id = (await OpenAsync(await AccountAsync(1))).Json.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await StepAsync(id, "note", $$"""{"text":"{{new string('n', 4096)}}","by":"a"}""")).Status);
        Assert.Equal("text must have at most 4096 bytes", (await StepAsync(id, "note", $$"""{"text":"{{new string('n', 4097)}}","by":"a"}""")).Errors());
        (await StepAsync(id, "note", new string(' ', 20_000))).Problem(413, "too-large");
    }

    private async Task<string> AccountAsync(int transactions)
    {
        var account = Tx.NewAccount();
        for (var i = 0; i < transactions; i++)
        {
            await _client.DecideAsync(account, $"t-{i}", "5");
        }

        return account;
    }

    private Task<Reply> OpenAsync(string account, params string[] transactions) => _client.SendAsync(
        "POST", "/v1/cases", $$"""{"accountId":"{{account}}","transactions":{{JsonSerializer.Serialize(transactions)}},"reason":"Unusual","by":"ben"}""");

    private Task<Reply> StepAsync(string id, string step, string body) => _client.SendAsync("POST", $"/v1/cases/{id}/{step}", body);

    private async Task<List<string>> ReadAsync(string query)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            var page = (await _engine.GetAsync($"/v1/cases?{query}{(next is null ? "" : $"&after={next}")}")).Json;
            ids.AddRange(page.GetProperty("cases").EnumerateArray().Select(static one => one.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        return ids;
    }
}
