using System.Text;
using System.Text.Json;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress;

/// <summary>Alerts read page by page.</summary>
public sealed class AlertPageTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Fact]
    public async Task An_alert_has_the_transaction_its_decision_and_a_text()
    {
        var account = Tx.NewAccount();
        var decision = (await engine.PostAsync(Tx.Json(account, "t", ("amount", "6000"), ("country", "\"BE\"")))).Json;
        var page = (await engine.GetAsync($"/v1/alerts?account={account}")).Json;
        var expected = $$"""
            {"outcome":"decline","score":0.875,"reasons":{{decision.GetProperty("reasons").GetRawText()}},"ruleSet":"contract@7",
            "alertId":"{{decision.GetProperty("alertId").GetString()}}","kind":"fraud","severity":"high","text":"A \"large\" amount. A huge amount.",
            "transactionId":"t","accountId":"{{account}}","timestamp":"{{Tx.Time}}","amount":6000,"currency":"EUR","country":"BE"}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), Assert.Single(page.GetProperty("alerts").EnumerateArray()).GetRawText());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task An_alert_of_what_the_customer_has_chosen_says_only_that()
    {
        await using var own = new RunningEngine
        {
            RuleFile = """
                name: chosen
                version: 1
                thresholds: { review: 0.5, decline: 0.8 }
                rules:
                  - { id: some, when: amount > 1, score: 0.1, text: Some }
                  - { id: much, when: amount > 100, score: 0.4, text: Much }
                activity:
                  - { id: above, takes: number, when: amount > chosen, text: 'A payment of {amount} {currency}.' }
                """,
        };
        await own.InitializeAsync();
        var account = Tx.NewAccount();
        var preferences = new CustomerPreferences("en", null, [], null, [new ChosenActivity("above", 10)]);
        await own.Host.Engine.Admission.EnterAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        Assert.Equal(ChangeResult.Stored, await own.Host.Engine.PutPreferencesAsync(Encoding.UTF8.GetBytes(account), preferences, preferences.ToBytes()));
        await own.PostAsync(Tx.Json(account, "t1", ("amount", "10")));
        var decision = (await own.PostAsync(Tx.Json(account, "t2", ("amount", "11")))).Json;
        Assert.Equal("""[{"rule":"above","text":"A payment of 11.00 EUR."}]""", decision.GetProperty("activity").GetRawText());
        await own.PostAsync(Tx.Json(account, "t3", ("amount", "101")));
        var alerts = (await own.GetAsync($"/v1/alerts?account={account}")).Json.GetProperty("alerts").EnumerateArray().ToList();
        Assert.Equal(
            ["t2 approve activity low A payment of 11.00 EUR.", "t3 review fraud medium Some. Much."],
            alerts.Select(static alert => string.Join(' ', ((string[])["transactionId", "outcome", "kind", "severity", "text"]).Select(name => alert.GetProperty(name).GetString()))));
    }

    [Fact]
    public async Task A_text_is_filled_in_and_the_tags_are_told()
    {
        await using var own = new RunningEngine
        {
            RuleFile = """
                name: texts
                version: 1
                thresholds: { review: 0.5, decline: 0.8 }
                rules:
                  - { id: block, when: 'merchantId == "bad \"shop\""', action: decline, tags: [blocked, merchant], text: '{amount} {currency} at {merchantId}.' }
                  - { id: small, when: amount < 100, score: 0.1, tags: [merchant, small], text: 'From {country}' }
                  - { id: good, when: amount < 100, score: -0.1, text: 'Not told' }
                """,
        };
        await own.InitializeAsync();
        var account = Tx.NewAccount();
        var transaction = Tx.Json(account, "t", ("merchantId", "\"bad \\\"shop\\\"\""));
        var first = (await own.PostAsync(transaction)).Body;
        Assert.Contains(
            """
            "outcome":"decline","score":0,"reasons":[{"rule":"block","text":"12.50 EUR at bad \"shop\"."},{"rule":"small","text":"From unknown"},{"rule":"good","text":"Not told"}],"tags":["blocked","merchant","small"],"ruleSet":"texts@1"
            """.Trim(),
            first,
            StringComparison.Ordinal);
        Assert.Equal(first, (await own.PostAsync(transaction)).Body);
        await own.RestartAsync();
        Assert.Equal(first, (await own.PostAsync(transaction)).Body);
        var alert = Assert.Single((await own.GetAsync($"/v1/alerts?account={account}")).Json.GetProperty("alerts").EnumerateArray());
        Assert.Equal("12.50 EUR at bad \"shop\". From unknown.", alert.GetProperty("text").GetString());
        Assert.Equal("""["blocked","merchant","small"]""", alert.GetProperty("tags").GetRawText());
        var entry = Assert.Single((await own.GetAsync($"/v1/accounts/{account}/transactions")).Json.GetProperty("transactions").EnumerateArray());
        Assert.Equal(alert.GetProperty("reasons").GetRawText(), entry.GetProperty("reasons").GetRawText());
        Assert.Equal("""["blocked","merchant","small"]""", entry.GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task A_transaction_that_is_approved_refused_or_resent_raises_no_alert()
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "approved"));
        for (var i = 0; i < 3; i++)
        {
            await engine.PostAsync(Tx.Json(account, "resent", ("amount", "1000")));
        }

        await engine.PostAsync(Tx.Json(account, "resent", ("amount", "1001")));
        await engine.PostAsync(Tx.Json(account, "late", ("amount", "1000"), ("timestamp", "\"2026-05-01T00:00:00Z\"")));
        var alert = Assert.Single((await engine.GetAsync($"/v1/alerts?account={account}")).Json.GetProperty("alerts").EnumerateArray());
        Assert.Equal("resent", alert.GetProperty("transactionId").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(1000)]
    public async Task Pages_are_oldest_first_without_gap_or_overlap(int limit)
    {
        var account = Tx.NewAccount();
        await Task.WhenAll(Alerts.RaiseAsync(engine, account, 0, 30), Alerts.RaiseAsync(engine, Tx.NewAccount(), 0, 30));
        List<string?> seen = [];
        var path = $"/v1/alerts?account={account}&limit={limit}";
        for (var next = ""; next is not null;)
        {
            var page = (await engine.GetAsync($"{path}&after={next}")).Json;
            Assert.InRange(page.GetProperty("alerts").GetArrayLength(), 1, limit);
            seen.AddRange(page.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("transactionId").GetString()));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(Alerts.Ids(0, 30), seen);
    }

    [Fact]
    public async Task All_accounts_alerts_are_read_where_no_account_is_given()
    {
        var account = Tx.NewAccount();
        var answers = await Alerts.RaiseAsync(engine, account, 0, 3);
        var first = JsonDocument.Parse(answers[0]).RootElement.GetProperty("alertId").GetString();
        var page = (await engine.GetAsync($"/v1/alerts?after={first}&limit=1000")).Json.GetProperty("alerts").EnumerateArray();
        Assert.Equal(["t1", "t2"], page.Where(alert => alert.GetProperty("accountId").GetString() == account).Select(alert => alert.GetProperty("transactionId").GetString()));
    }

    [Fact]
    public async Task An_account_without_alerts_has_an_empty_page()
    {
        Assert.Equal("""{"alerts":[],"next":null}""", (await engine.GetAsync($"/v1/alerts?account={Tx.NewAccount()}")).Body);
        Assert.Equal("""{"alerts":[],"next":null}""", (await engine.GetAsync("/v1/alerts?account=%F0%9F%98%80/%2F")).Body);
    }

    [Fact]
    public async Task An_alert_keeps_the_reasons_of_the_rules_that_raised_it()
    {
        await using var own = await RunningEngine.StartAsync();
        await own.PostAsync(Tx.Json("a", "old", ("amount", "1000")));
        own.RuleFile = RunningEngine.Rules.Replace("version: 7", "version: 8", StringComparison.Ordinal)
            .Replace("id: large", "id: big", StringComparison.Ordinal).Replace("text: A \"large\" amount", "text: Big", StringComparison.Ordinal);
        await own.RestartAsync();
        await own.PostAsync(Tx.Json("a", "new", ("amount", "1000")));
        var alerts = (await own.GetAsync("/v1/alerts")).Json.GetProperty("alerts");
        Assert.Equal(("contract@7", "A \"large\" amount."), (alerts[0].GetProperty("ruleSet").GetString(), alerts[0].GetProperty("text").GetString()));
        Assert.Equal("large", alerts[0].GetProperty("reasons")[0].GetProperty("rule").GetString());
        Assert.Equal(("contract@8", "Big."), (alerts[1].GetProperty("ruleSet").GetString(), alerts[1].GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("limit=0", "invalid-query")]
    [InlineData("limit=1001", "invalid-query")]
    [InlineData("limit=-5", "invalid-query")]
    [InlineData("limit=x", "invalid-query")]
    [InlineData("after=x", "unknown-alert")]
    [InlineData("after=00000000000000000000000000000000", "unknown-alert")]
    [InlineData("after=1", "unknown-alert")]
    public async Task A_page_that_can_not_be_is_refused(string query, string kind) =>
        (await engine.GetAsync($"/v1/alerts?{query}")).Problem(400, kind);
}
