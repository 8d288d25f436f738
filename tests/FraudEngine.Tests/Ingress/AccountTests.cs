using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Tests.Ingress;

/// <summary>What is told of an account.</summary>
public sealed class AccountTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly DateTimeOffset Start = new(2026, 5, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Windows_are_what_a_recount_says_at_any_instant()
    {
        var random = new Random(7);
        var account = Tx.NewAccount();
        List<(DateTimeOffset At, decimal Amount, string Merchant)> history = [];
        var at = Start;
        for (var i = 0; i < 40; i++)
        {
            at = at.AddMinutes(random.Next(0, 200));
            history.Add((at, random.Next(0, 9_990_000) / 10_000m, $"shop-{random.Next(5)}"));
        }

        await engine.StreamAsync(string.Join('\n', history.Select((payment, i) => Tx.Json(
            account,
            $"t{i}",
            ("timestamp", $"\"{payment.At:O}\""),
            ("amount", payment.Amount.ToString(CultureInfo.InvariantCulture)),
            ("merchantId", $"\"{payment.Merchant}\"")))));

        DateTimeOffset[] instants =
            [at, at.AddMinutes(60), at.AddMinutes(60).AddTicks(-1), at.AddDays(1), at.AddDays(40), history[20].At, history[20].At.AddTicks(-1), history[0].At, Start.AddDays(-1)];
        foreach (var instant in instants)
        {
            var view = (await engine.GetAsync($"/v1/accounts/{account}?at={Uri.EscapeDataString(instant.ToString("O"))}")).Json;
            var windows = view.GetProperty("windows").EnumerateArray().ToDictionary(window => window.GetProperty("expression").GetString()!, window => window.GetProperty("value"));
            var hour = Within(TimeSpan.FromHours(1));
            var day = Within(TimeSpan.FromDays(1));
            var week = Within(TimeSpan.FromDays(7));
            Assert.Equal(hour.Count, windows["count(account, 1h)"].GetDecimal());
            Assert.Equal(day.Sum(payment => payment.Amount), windows["sum(account.amount, 1d)"].GetDecimal());
            Assert.Equal(day.Select(payment => payment.Merchant).Distinct().Count(), windows["distinct(account.merchantId, 1d)"].GetDecimal());
            Assert.Equal(day.Count == 0 ? null : day.Min(payment => payment.Amount), Number(windows["min(account.amount, 1d)"]));
            Assert.Equal(day.Count == 0 ? null : day.Max(payment => payment.Amount), Number(windows["max(account.amount, 1d)"]));
            Assert.Equal(day.Count == 0 ? null : day.Sum(payment => payment.Amount) / day.Count, Number(windows["avg(account.amount, 1d)"]));
            Assert.Equal(Deviation([.. week.Select(payment => (double)payment.Amount)]), (double)windows["stddev(account.amount, 7d)"].GetDecimal(), 1e-4);
            var last = Within(TimeSpan.FromMinutes(90));
            Assert.Equal(last.Count == 0 ? null : last[^1].Merchant, windows["last(account.merchantId, 90m)"].GetString());

            List<(DateTimeOffset At, decimal Amount, string Merchant)> Within(TimeSpan length) =>
                history.FindAll(payment => payment.At > instant - length && payment.At <= instant);
        }
    }

    [Fact]
    public async Task A_hold_is_told_also_where_the_account_has_no_transaction()
    {
        var account = Tx.NewAccount();
        (await engine.GetAsync($"/v1/accounts/{account}")).Problem(404, "unknown-account");
        await engine.PostAsync(Tx.Json(account, "t"));
        Assert.Equal(JsonValueKind.Null, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("hold").ValueKind);
        var other = Tx.NewAccount();
        foreach (var held in new[] { account, other })
        {
            await engine.Host.Engine.Admission.EnterAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
            Assert.Equal(ChangeResult.Stored, await engine.Host.Engine.HoldAsync(Encoding.UTF8.GetBytes(held), Outcome.Review, "ann", "\"odd\""));
        }

        const string hold = """{"outcome":"review","by":"ann","reason":"\"odd\"","at":"2026-06-01T12:00:00Z"}""";
        Assert.Equal(hold, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("hold").GetRawText());
        Assert.Equal(
            $$"""{"accountId":"{{other}}","transactions":0,"newest":null,"asOf":null,"hold":{{hold}},"ruleSet":"contract@7","windows":[]}""",
            (await engine.GetAsync($"/v1/accounts/{other}")).Body);
        await engine.Host.Engine.Admission.EnterAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        Assert.Equal(ChangeResult.Stored, await engine.Host.Engine.ReleaseAsync(Encoding.UTF8.GetBytes(other), "ann", ""));
        (await engine.GetAsync($"/v1/accounts/{other}")).Problem(404, "unknown-account");
    }

    [Fact]
    public async Task The_view_is_as_of_the_newest_transaction_unless_told_otherwise()
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "a", ("timestamp", "\"2026-06-01T09:00:00.5Z\"")));
        await engine.PostAsync(Tx.Json(account, "b", ("timestamp", "\"2026-06-01T08:30:00Z\"")));
        var view = (await engine.GetAsync($"/v1/accounts/{account}")).Json;
        Assert.Equal(account, view.GetProperty("accountId").GetString());
        Assert.Equal(2, view.GetProperty("transactions").GetInt32());
        Assert.Equal("2026-06-01T09:00:00.5Z", view.GetProperty("newest").GetString());
        Assert.Equal("2026-06-01T09:00:00.5Z", view.GetProperty("asOf").GetString());
        Assert.Equal("contract@7", view.GetProperty("ruleSet").GetString());
        var before = (await engine.GetAsync($"/v1/accounts/{account}?at=2026-06-01T08:45:00Z")).Json;
        Assert.Equal("2026-06-01T08:45:00Z", before.GetProperty("asOf").GetString());
        Assert.Equal(1, before.GetProperty("windows")[0].GetProperty("value").GetInt32());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", 0)]
    [InlineData("9999-12-31T23:59:59.9999999Z", 0)]
    public async Task The_ends_of_time_may_be_asked_for(string at, int count)
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "a"));
        var reply = await engine.GetAsync($"/v1/accounts/{account}?at={at}");
        Assert.Equal(count, reply.Json.GetProperty("windows")[0].GetProperty("value").GetInt32());
    }

    [Theory]
    [InlineData("at=yesterday")]
    [InlineData("at=")]
    [InlineData("at=2026-06-01T08:45:00")]
    public async Task An_instant_that_is_none_is_refused(string query) =>
        (await engine.GetAsync($"/v1/accounts/any?{query}")).Problem(400, "invalid-query");

    [Fact]
    public async Task An_account_without_a_transaction_is_unknown()
    {
        (await engine.GetAsync($"/v1/accounts/{Tx.NewAccount()}")).Problem(404, "unknown-account");
        (await engine.GetAsync($"/v1/accounts/{Tx.NewAccount()}/transactions")).Problem(404, "unknown-account");
        (await engine.GetAsync($"/v1/accounts/{Tx.NewAccount()}/transactions?before=5")).Problem(404, "unknown-account");
        (await engine.GetAsync($"/v1/accounts/{new string('x', 3000)}")).Problem(404, "unknown-account");
        (await engine.GetAsync("/v1/accounts/%FF%FE")).Problem(404, "unknown-account");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("50%")]
    [InlineData("a b")]
    [InlineData(" ")]
    [InlineData("a+b")]
    [InlineData("a?b=c&d#e")]
    [InlineData("naïve-😀-ಠ")]
    [InlineData("a\\b\"c'd")]
    [InlineData("<script>")]
    [InlineData("x/transactions")]
    [InlineData("a..b")]
    public async Task Any_id_can_be_asked_for(string id)
    {
        var account = JsonEncodedText.Encode(id).ToString();
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.Json(account, "t"))).Status);
        var path = $"/v1/accounts/{Uri.EscapeDataString(id)}";
        Assert.Equal(id, (await engine.GetAsync(path)).Json.GetProperty("accountId").GetString());
        Assert.Equal(id, (await engine.GetAsync(path + "?at=2026-06-01T12:00:00Z")).Json.GetProperty("accountId").GetString());
        var journal = (await engine.GetAsync(path + "/transactions?limit=5")).Json;
        Assert.Equal(id, journal.GetProperty("accountId").GetString());
        Assert.Equal(id, Assert.Single(journal.GetProperty("transactions").EnumerateArray()).GetProperty("accountId").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(1000)]
    public async Task The_journal_is_paged_newest_first_without_gap_or_overlap(int limit)
    {
        var account = Tx.NewAccount();
        await engine.StreamAsync(string.Join('\n', Enumerable.Range(1, 25).Select(i => Tx.Json(account, $"t{i}"))));
        List<string?> seen = [];
        var path = $"/v1/accounts/{account}/transactions?limit={limit}";
        for (var next = (long?)long.MaxValue; next is not null;)
        {
            var page = (await engine.GetAsync(next == long.MaxValue ? path : $"{path}&before={next}")).Json;
            var transactions = page.GetProperty("transactions").EnumerateArray().ToList();
            Assert.InRange(transactions.Count, 1, limit);
            seen.AddRange(transactions.Select(transaction => transaction.GetProperty("transactionId").GetString()));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => $"t{i}"), seen);
    }

    [Fact]
    public async Task The_journal_has_the_transaction_and_its_decision()
    {
        var account = Tx.NewAccount();
        var decision = (await engine.PostAsync(Tx.Json(
            account, "t", ("amount", "6000.50"), ("merchantId", "\"m\""), ("terminalId", "\"e\""), ("deviceId", "\"d\""), ("counterpartyId", "\"c\""), ("country", "\"BE\""),
            ("merchantCategory", "\"5411\""), ("channel", "\"pos\""), ("ipAddress", "\"1.2.3.4\""), ("latitude", "50.85"), ("longitude", "-4.3500001")))).Json;
        var entry = (await engine.GetAsync($"/v1/accounts/{account}/transactions")).Json.GetProperty("transactions")[0];
        var expected = $$"""
            {"sequence":1,"transactionId":"t","accountId":"{{account}}","timestamp":"{{Tx.Time}}","amount":6000.5,"currency":"EUR",
            "merchantId":"m","terminalId":"e","deviceId":"d","counterpartyId":"c","merchantCategory":"5411","country":"BE","channel":"pos",
            "ipAddress":"1.2.3.4","latitude":50.85,"longitude":-4.3500001,"outcome":"decline","score":0.875,
            "reasons":{{decision.GetProperty("reasons").GetRawText()}},"ruleSet":"contract@7","alertId":"{{decision.GetProperty("alertId").GetString()}}"}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), entry.GetRawText());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("limit=")]
    [InlineData("before=0")]
    [InlineData("before=x")]
    [InlineData("before=99999999999999999999")]
    public async Task A_page_out_of_range_is_refused(string query) =>
        (await engine.GetAsync($"/v1/accounts/any/transactions?{query}")).Problem(400, "invalid-query");

    private static decimal? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDecimal();

    private static double Deviation(double[] values) =>
        values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
}
