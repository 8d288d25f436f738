using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Windows over the transactions that pass a condition, and what lies between the present transaction and an earlier one.</summary>
public class FilterTests
{
    private const string Now = "timestamp=2026-03-04T12:00:00Z amount=10 country=BE channel=online latitude=50.85 longitude=4.35";

    private static readonly string[] Earlier =
    [
        "timestamp=2026-03-01T12:00:00Z amount=1 country=FR channel=pos merchantId=m1",
        "timestamp=2026-03-03T12:00:01Z amount=2 country=BE channel=online merchantId=m2 latitude=51.05 longitude=3.72",
        "timestamp=2026-03-04T09:00:00Z amount=4 country=FR channel=atm merchantId=a-merchant-with-a-long-name",
        "timestamp=2026-03-04T11:30:00Z amount=8 country=IT channel=online",
    ];

    public static TheoryData<string, string> Windows { get; } = Expressions.Table("""
        count(account, 1d) => 4
        count(account, 1d, channel == "online") => 3
        count(account, 1d, account.channel == "online") => 3
        count(account, 30d, channel == "transfer") => 0
        count(account, 1d, country != "BE") => 2
        count(account, 30d, has(merchantId)) => 3
        count(account, 30d, merchantId.startsWith("m")) => 2
        count(account, 30d, merchantId.size() > 2) => 1
        count(account, 30d, amount % 2 == 0) => 4
        count(account, 30d, amount / 2 >= 2) => 3
        count(account, 30d, hour(timestamp) == 12) => 3
        count(account, 30d, timestamp.getDayOfWeek() == 0) => 1
        count(account, 30d, country in ["BE", "IT"] && channel == "online") => 3
        count(account, 30d, has(merchantId) ? country == "FR" : false) => 2
        count(account, 30d, true) => 5
        count(account, 30d, false) => 0
        sum(account.amount, 7d, country != "BE") => 13
        sum(account.amount, 7d, country == "NL") => 0
        avg(account.amount, 7d, channel == "online") => 6.6666666666666666666666666667
        min(account.amount, 7d, channel == "online") => 2
        max(account.amount, 7d, channel != "online") => 4
        max(account.amount, 7d, country == "NL") => missing: the window holds no transaction
        stddev(account.amount, 7d, country == "IT") => 0
        distinct(account.country, 7d, channel == "online") => 2
        last(account.country) => IT
        last(account.country, 30d, channel == "atm") => FR
        last(account.country, channel == "atm") => FR
        last(account.merchantId, channel == "atm") => #e4f2a3c47f1a2fb0e8dc4fd8a2b1c9
        last(account.merchantId, channel == "atm") == "a-merchant-with-a-long-name" => true
        last(account.amount, 1h) => 8
        last(account.merchantId, 1h) => missing: no earlier transaction in the window has it
        first(account.country, 30d) => FR
        first(account.country, 1d) => BE
        first(account.amount, channel == "online") => 2
        first(account.merchantId, 1h) => missing: no earlier transaction in the window has it
        last(account.merchantId, 1d, channel == "atm") in ["x", "a-merchant-with-a-long-name"] => true
        (amount > 5 ? last(account.country) : country) == "IT" => true
        last(account.country) in list("countries") => false
        since(account) => 30m
        since(account.country == "FR") => 3h
        since(country == "FR" && channel == "pos") => 3d
        since(account.country == "FR", 1h) => missing: no earlier transaction in the window has it
        since(channel == "transfer") => missing: no earlier transaction in the window has it
        since(account.country == "FR") > 2h => true
        since(account, duration("30m1s")) => 30m
        count(account, duration("30m1s")) => 2
        speed_kmh(account.last) > 1 => true
        distance_km(account.last) > 49 && distance_km(account.last) < 50 => true
        distance_km(account.last, 1h) => missing: this transaction has no position, or no earlier one in the window has one
        """);

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_looks_at_what_passes(string expression, string result)
    {
        var found = Expressions.Result(expression, Now, Earlier);
        Assert.Equal(result[0] == '#' ? '#' + found[1..] : result, found);
    }

    [Fact]
    public void Filters_that_say_the_same_share_a_window()
    {
        var set = Given.Set("""count(account, 1h, channel == "online") + count(account, 60m, account.channel=='online') + count(account, 1h, (channel == r"online")) > 1""");
        Assert.Equal("count(account, 1h, channel == \"online\")", Assert.Single(set.Windows.Specs.Select(static spec => WindowText.Of(spec))));
        Assert.Single(Given.Set("count(account, 1h) + count(account, 1h, true) > 1").Windows.Specs);
    }

    [Theory]
    [InlineData("count(account, 90m) > 1")]
    [InlineData("count(account, 36h, channel == \"atm\" || (amount > 1.5 && !has(country))) > 1")]
    [InlineData("sum(account.amount, 1d) > 1")]
    [InlineData("avg(account.amount, 1d, country == \"BE\") > 1")]
    [InlineData("min(account.amount, 1d) + max(account.amount, 1d) + stddev(account.amount, 1d) > 1")]
    [InlineData("distinct(account.deviceId, 1d) > 1")]
    [InlineData("last(account.country, 30d, has(country)) == first(account.country, 1d)")]
    [InlineData("since(account) > since(country == \"FR\", 1d)")]
    [InlineData("distance_km(account.last) > speed_kmh(account.last, 1h)")]
    [InlineData("count(account, duration(\"1.5s\")) > 1")]
    public void A_window_is_written_as_the_language_writes_it(string when)
    {
        var specs = Given.Set(when).Windows.Specs;
        Assert.NotEmpty(specs);
        foreach (var spec in specs)
        {
            var text = WindowText.Of(spec);
            Assert.Equal(spec, Assert.Single(Given.Set($"[{text}] == []").Windows.Specs));
        }
    }

    [Fact]
    public void A_filter_may_be_asked_by_many_threads_and_allocates_nothing()
    {
        var filter = Given.Set("""count(account, 1h, merchantId.matches("^m[0-9]+$") && hour(timestamp, "Europe/Brussels") > 1 && country in ["BE", "NL"]) > 1""").Windows.Specs[0].Filter!;
        var (yes, no) = (Given.Transaction("merchantId=m12 country=NL"), Given.Transaction("merchantId=x country=NL"));
        Parallel.For(0, 1_000, i => Assert.Equal(i % 2 == 0, filter.Passes(i % 2 == 0 ? yes : no)));
        filter.Passes(yes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            filter.Passes(yes);
            filter.Passes(no);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_rule_says_what_it_asks()
    {
        var set = RuleSet.Parse(
            """
            name: test
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - id: first
                when: count(account, 1h) > 5 && merchantId in list("blocked") && !(country in list("safe"))
                score: 0.4
                text: A reason
              - id: second
                when: since(account.country == "FR") < 1h && count(account, 1h) > 3 && country in list("safe")
                score: 0.4
                text: A reason
            """,
            "rules.yaml",
            WindowSettings.Default);
        Assert.Equal(["blocked", "safe"], set.ListNames.AsEnumerable());
        Assert.Equal(["blocked", "safe"], set.Rules[0].ListNames.AsEnumerable());
        Assert.Equal(["safe"], set.Rules[1].ListNames.AsEnumerable());
        Assert.Equal(["count(account, 1h)"], set.Rules[0].Windows.Select(static window => window.ToString()));
        Assert.Equal(["count(account, 1h)", "since(country == \"FR\", 30d)"], set.Rules[1].Windows.Select(static window => window.ToString()));
        Assert.InRange(set.Rules[0].Cost, 30, 59);
        Assert.InRange(set.Rules[1].Cost, 60, 90);
    }

    [Fact]
    public void A_list_that_is_not_known_is_refused_only_where_the_known_ones_are_given()
    {
        var yaml = Given.Yaml("merchantId in list(\"blocked\")");
        Assert.Equal(["blocked"], RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default).ListNames.AsEnumerable());
        Assert.Equal(["blocked"], RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default, new HashSet<string> { "blocked" }).ListNames.AsEnumerable());
        var error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default, new HashSet<string>())).Errors);
        Assert.Equal((6, 30, "there is no list 'blocked'; make it with PUT /v1/lists/blocked or a file config/lists/blocked.txt"), (error.Line, error.Column, error.Message));
    }
}
