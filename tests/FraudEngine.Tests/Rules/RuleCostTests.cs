using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

public class RuleCostTests
{
    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var set = ShippedRules.Default;
        var history = new EventHistory(set.Windows);
        for (var day = 1; day <= 20; day++)
        {
            history.Add(Given.Transaction($"timestamp=2026-03-{day:00}T10:00:00Z amount={day} country=BE merchantId=a-merchant-with-a-long-name channel=pos deviceId=d"));
        }

        var transaction = Given.Transaction("timestamp=2026-03-20T11:00:00Z amount=900 country=NL merchantId=a-merchant-with-a-long-name channel=atm deviceId=e merchantCategory=7995");
        var windows = new WindowReader(set.Windows);
        var evaluation = new RuleEvaluation();
        AssertNoAllocation(() => Evaluate(set, history, transaction, windows, evaluation));
    }

    [Fact]
    public void Zones_texts_and_arithmetic_allocate_nothing()
    {
        var set = Given.Set(
            """
            hour(timestamp, "Europe/Brussels") in [1, 2, 3] || weekday(timestamp, "America/New_York") == 7 || merchantId == last(account.merchantId)
              || terminalId in ["a", "b"] || amount / 3 * 7 % 2 - 1 < -5 || timestamp - 1h > timestamp || 1 / (amount - amount) > 1
            """);
        var history = new EventHistory(set.Windows);
        var transaction = Given.Transaction("amount=12.5 terminalId=c merchantId=a-merchant-with-a-long-name");
        var windows = new WindowReader(set.Windows);
        var evaluation = new RuleEvaluation();
        AssertNoAllocation(() => Evaluate(set, history, transaction, windows, evaluation));
        Assert.Equal(RuleResult.Error, evaluation.Results[0]);
    }

    [Fact]
    public void Filters_patterns_lists_and_conditionals_allocate_nothing()
    {
        var set = Given.Set(
            """
            merchantId.matches("^(AMZN|UBER|[a-z]+)[0-9]{2,}x$") || merchantId.startsWith("b") || merchantId.contains("zz") || merchantId.size() > 60
              || merchantId > "z" || (has(deviceId) ? deviceId : "none") == "nothing" || amount in (has(country) ? [1, 2] : [3]) || [merchantId] == [terminalId]
              || count(account, 1d, channel == "online" && merchantId.matches("b$")) > 50 || since(account.country == "FR", 1d) < 1s || speed_kmh(account.last) > 1000
              || timestamp.getHours("Europe/Brussels") == 25 || timestamp > timestamp("2100-01-01T00:00:00Z") || first(account.merchantId) == "x"
              || merchantId in list("blocked") || (amount > 1 ? last(account.merchantId) : merchantId) in list("blocked") || timestamp - 1h > timestamp
            """);
        var history = new EventHistory(set.Windows);
        var transaction = Given.Transaction("amount=12.5 terminalId=c country=FR merchantId=a-merchant-with-a-long-name-é😀 latitude=50 longitude=4");
        history.Add(Given.Transaction("timestamp=2026-03-04T11:00:00Z country=FR merchantId=a-merchant-with-a-long-name channel=online latitude=50 longitude=4"));
        var windows = new WindowReader(set.Windows);
        var evaluation = new RuleEvaluation();
        var lists = set.Bind(NamedLists.Empty.With(1, new NamedList("blocked").With([new ListChange(TextKey.Of("x"), ListChange.Never)])));
        AssertNoAllocation(() =>
        {
            windows.Begin(history, transaction);
            evaluation.Begin(transaction, windows, lists);
            set.Evaluate(evaluation);
        });
        Assert.Equal(RuleResult.NoHit, evaluation.Results[0]);
        Assert.All(Enumerable.Range(0, set.Windows.Specs.Length), slot => Assert.True(windows.IsRead(slot)));
    }

    [Fact]
    public void The_right_side_is_not_asked_where_the_left_side_decides()
    {
        // The window stands first, but costs more.
        var set = Given.Set("count(account, 1h) > 1 && amount > 5");
        var windows = new WindowReader(set.Windows);
        var evaluation = new RuleEvaluation();
        Evaluate(set, new EventHistory(set.Windows), Given.Transaction("amount=5"), windows, evaluation);
        Assert.False(windows.IsRead(0));
        Evaluate(set, new EventHistory(set.Windows), Given.Transaction("amount=6"), windows, evaluation);
        Assert.True(windows.IsRead(0));
    }

    private static void Evaluate(RuleSet set, EventHistory history, Transaction transaction, WindowReader windows, RuleEvaluation evaluation)
    {
        windows.Begin(history, transaction);
        evaluation.Begin(transaction, windows, []);
        set.Evaluate(evaluation);
    }

    private static void AssertNoAllocation(Action evaluate)
    {
        evaluate();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            evaluate();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
