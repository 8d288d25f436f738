using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Windows over what a transaction names besides its account.</summary>
public class EntityWindowTests
{
    private const string Now = "timestamp=2026-03-04T12:00:00Z amount=10 country=BE channel=online accountId=a1 terminalId=t1 merchantId=m1 latitude=50.85 longitude=4.35";

    private static readonly string[] Earlier =
    [
        "timestamp=2026-03-01T12:00:00Z amount=1 country=FR channel=pos accountId=a2 terminalId=t1 merchantId=m2",
        "timestamp=2026-03-03T12:00:01Z amount=2 country=BE channel=online accountId=a1 terminalId=t1 merchantId=m1 latitude=51.05 longitude=3.72",
        "timestamp=2026-03-04T09:00:00Z amount=4 country=FR channel=atm accountId=a3 terminalId=t1",
        "timestamp=2026-03-04T11:30:00Z amount=8 country=IT channel=online accountId=a1 terminalId=t2 merchantId=m1",
    ];

    public static TheoryData<string, string> Windows { get; } = Expressions.Table("""
        count(terminal, 1d) => 3
        count(terminal, 30d) => 4
        count(merchant, 30d) => 3
        count(account, 30d) => 5
        count(terminal, 30d, channel == "online") => 2
        count(terminal, 30d, terminal.channel == "online") => 2
        sum(terminal.amount, 30d) => 17
        avg(terminal.amount, 7d, amount > 3) => 7
        max(merchant.amount, 30d) - max(terminal.amount, 30d) => 0
        distinct(terminal.accountId, 30d) => 3
        distinct(merchant.accountId, 30d) => 1
        distinct(terminal.merchantId, 30d) => 2
        same(terminal.accountId, 30d) => 2
        same(terminal.accountId, 1h) => 1
        same(terminal.country, 30d, channel == "pos") => 0
        same(terminal.merchantId, 30d, delay 1h) => 1
        same(merchant.accountId, 30d) => 3
        same(merchant.deviceId, 30d) => missing: the transaction has no deviceId
        same(account.deviceId, 30d) => missing: the transaction has no deviceId
        same(counterparty.accountId, 30d) => missing: the transaction has no counterpartyId
        last(terminal.accountId) => a3
        accountId == last(terminal.accountId, 30d, channel == "online") => true
        accountId in [first(terminal.accountId), last(terminal.accountId)] => false
        last(merchant.country) => IT
        since(terminal) => 3h
        since(merchant) => 30m
        since(terminal.country == "FR" && channel == "pos") => 3d
        since(terminal.country == "FR", 1h) => missing: no earlier transaction in the window has it
        since(terminal, country == "FR") => 3h
        since(terminal, 30d, country == "BE") < 1d => true
        since(account, country == "FR" && channel == "pos") => 3d
        distance_km(terminal.last) > 49 && distance_km(terminal.last) < 50 => true
        speed_kmh(terminal.last, 1h) => missing: this transaction has no position, or no earlier one in the window has one
        count(device, 1h) => missing: the transaction has no deviceId
        count(device, 1h) > 5 || count(terminal, 1h) == 1 => true
        last(counterparty.country) == "BE" => missing: the transaction has no counterpartyId
        since(counterparty.country == "BE") => missing: the transaction has no counterpartyId
        has(deviceId) ? count(device, 1h) : 0 => 0
        count(terminal, 1d) / count(account, 1d) => 0.75
        rate(device.fraud, 7d) => missing: the transaction has no deviceId
        count(terminal, 1h, delay 0s) => 1
        """);

    [Theory]
    [MemberData(nameof(Windows))]
    public void An_entity_s_window_looks_at_the_transactions_that_name_it(string expression, string result) => Assert.Equal(result, Expressions.Result(expression, Now, Earlier));

    [Theory]
    [InlineData("count(terminal, 90m) > 1", "count(terminal, 90m)")]
    [InlineData("count(terminal, 7d, delay 168h) > 1", "count(terminal, 7d, delay 7d)")]
    [InlineData("count(terminal, 7d, delay 0s) > 1", "count(terminal, 7d)")]
    [InlineData("count(account, 1h, channel=='online', delay duration(\"1.5s\")) > 1", "count(account, 1h, channel == \"online\", delay duration(\"1.5s\"))")]
    [InlineData("avg(terminal.amount, 30d, terminal.amount < 220, delay 1d) > 1", "avg(terminal.amount, 30d, amount < 220, delay 1d)")]
    [InlineData("distinct(device.accountId, 1d) > 1", "distinct(device.accountId, 1d)")]
    [InlineData("same(account.country, 30d) == 1", "same(account.country, 30d)")]
    [InlineData("same(terminal.accountId, 7d, channel=='online', delay 1d) == 1", "same(terminal.accountId, 7d, channel == \"online\", delay 1d)")]
    [InlineData("last(merchant.country, delay 1d) == \"BE\"", "last(merchant.country, 30d, delay 1d)")]
    [InlineData("first(counterparty.amount, country == \"BE\") > 1", "first(counterparty.amount, 30d, country == \"BE\")")]
    [InlineData("since(terminal.country == \"FR\") > 1d", "since(terminal, 30d, country == \"FR\")")]
    [InlineData("since(account.country == \"FR\", 2d, delay 1d) > 1d", "since(country == \"FR\", 2d, delay 1d)")]
    [InlineData("since(account, 2d, country == \"FR\") > 1d", "since(country == \"FR\", 2d)")]
    [InlineData("since(terminal, delay 1d) > 1d", "since(terminal, 30d, delay 1d)")]
    [InlineData("distance_km(device.last) > 1", "distance_km(device.last, 30d)")]
    [InlineData("speed_kmh(device.last, 1h) > 1", "speed_kmh(device.last, 1h)")]
    [InlineData("rate(terminal.fraud, 7d, delay 7d) > 0.1", "rate(terminal.fraud, 7d, delay 7d)")]
    [InlineData("count(account.fraud, 30d, amount > 100) > 1", "count(account.fraud, 30d, amount > 100)")]
    [InlineData("since(terminal.fraud) < 1d", "since(terminal.fraud, 30d)")]
    [InlineData("since(terminal.fraud, channel == \"pos\", delay 1d) < 1d", "since(terminal.fraud, 30d, channel == \"pos\", delay 1d)")]
    [InlineData("since_first(merchant.fraud, 7d, delay 7d) < 1d", "since_first(merchant.fraud, 7d, delay 7d)")]
    public void A_window_has_one_form(string when, string form)
    {
        var set = Given.Set(when);
        var window = Assert.Single(EntityWindow.AllOf(set.Plans));
        Assert.Equal(form, window.ToString());
        Assert.Equal([window], set.Rules[0].Windows.AsEnumerable());
        Assert.Equal(0, window.Kind == EntityKind.Account ? window.NumberIn(set.Plans) : set.Windows.Specs.Length);
        Assert.Equal(window, Assert.Single(EntityWindow.AllOf(Given.Set($"[{form}] == []").Plans)));
    }

    public static TheoryData<string, string> Errors { get; } = Expressions.Table("""
        count(terminl, 1h) => 7: count counts transactions and takes an entity alone, as in count(account, 1h); did you mean 'terminal'?
        count(terminalId, 1h) => 7: count counts transactions and takes an entity alone, as in count(account, 1h)
        avg(mercant.amount, 1h) => 5: avg takes a field of an entity, as in avg(account.amount, 30d); did you mean 'merchant'?
        avg(terminal, 1h) => 5: avg takes a field of an entity, as in avg(terminal.amount, 30d)
        avg(terminal.amuont, 1h) => 14: avg does not take 'amuont', but amount; did you mean 'amount'?
        distinct(account.accountId, 1h) => 18: distinct does not take 'accountId', but merchantId, terminalId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel
        distinct(terminal.terminalId, 1h) => 19: distinct does not take 'terminalId', but accountId, merchantId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel
        same(account.country) => 1: same takes a field of an entity, a length and, where not all transactions count, a condition on them, as in same(account.country, 1d)
        same(account, 1h) => 6: same takes a field of an entity, as in same(account.country, 1d)
        same(country, 1h) => 6: same takes a field of an entity, as in same(account.country, 1d)
        same(account.amount, 1h) => 14: same does not take 'amount', but merchantId, terminalId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel
        same(account.accountId, 1h) => 14: same does not take 'accountId', but merchantId, terminalId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel
        same(account.country, 60d) => 23: the length 60d is longer than the horizon of 30d that is kept
        count(account, 1h, same(account.country, 1d) == 1) => 20: a condition on a window's transactions looks at one of them, so it can't use same
        chosen > 5 => 1: there is no field 'chosen'
        terminal == "t1" => 1: terminal has no value of its own; it stands in window functions, as in count(terminal, 1h)
        terminal.country == "BE" => 1: a field of terminal stands only in window functions, as in avg(terminal.amount, 30d)
        count(terminal, 1h, account.amount > 5) => 21: this is a condition on the transactions of terminal, so it can't look at account; a field of theirs needs no name before it
        count(account, 1h, terminal.amount > 5) => 20: this is a condition on the transactions of account, so it can't look at terminal; a field of theirs needs no name before it
        since(terminal.country == "FR" && merchant.amount > 5) => 35: this is a condition on the transactions of terminal, so it can't look at merchant; a field of theirs needs no name before it
        since(terminal.country == "FR", 1h, amount > 5) => 1: since takes an entity or a condition on its transactions, as in since(account.country == "FR"), and a length where not the whole horizon counts
        count(terminal, 1h, 5) => 21: expected a condition on the transactions of terminal, as in channel == "online", but this is a number
        has(terminal.country) => 5: has takes a field of the transaction, as in has(country)
        distance_km(terminal) => 13: distance_km takes the last position of an entity, as in distance_km(account.last)
        distance_km(terminl.last) => 13: distance_km takes the last position of an entity, as in distance_km(account.last); did you mean 'terminal'?

        # Delays
        count(account, 7d, delay 60d) => 26: the delay 60d is longer than the horizon of 30d that is kept
        count(account, 7d, delay -7d) => 27: the delay must not be negative
        count(account, 7d, delay duration("-1h")) => 26: the delay must not be negative
        count(account, 7d, delay 7) => 26: the delay must be a duration, as in 90s, 15m, 1h or 30d
        count(account, 7d, delay amount) => 26: the delay must be a duration, as in 90s, 15m, 1h or 30d
        count(account, 7d, delay) => 20: there is no field 'delay'
        count(account, 7d, delay 1d, amount > 5) => 20: the delay stands last, as in count(account, 7d, delay 7d)
        count(account, delay 1d, 7d) => 16: the delay stands last, as in count(account, 7d, delay 7d)
        count(account, 7d, delay 1d, delay 2d) => 30: a window has one delay
        count(account, delay 1d) => 1: count takes an entity, a length and, where not all transactions count, a condition on them, as in count(account, 1h)
        distance_km(account.last, delay 1d) => 27: distance_km takes no delay: it looks at the newest earlier position
        speed_kmh(account.last, 1h, delay 1d) => 29: speed_kmh takes no delay: it looks at the newest earlier position
        hour(timestamp, delay 1d) => 17: the time zone must be a text between quotes, as in "Europe/Brussels"
        hour(delay 1d) => 6: a delay stands only in window functions, as their last argument, as in count(account, 7d, delay 7d)
        merchantId.startsWith(delay 1d) => 23: a delay stands only in window functions, as their last argument, as in count(account, 7d, delay 7d)
        count(account, 7d, has(delay 1d)) => 24: has takes a field of the transaction, as in has(country)
        delay 7d => 7: expected an operator or the end, but found '7d'
        [delay 7d] => 8: expected ']' or ',', but found '7d'
        delay > 7d => 1: there is no field 'delay'

        # What is known of frauds
        fraud => 1: fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)
        account.fraud => 1: fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)
        avg(terminal.fraud, 7d) => 14: fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)
        count(account, 7d, fraud) => 20: fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)
        count(account, 7d, account.fraud) => 28: fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)
        count(account, 7d, rate(account.fraud, 7d) > 0) => 20: a condition on a window's transactions looks at one of them, so it can't use rate
        count(account, 7d, count(account.fraud, 7d) > 0) => 20: a condition on a window's transactions looks at one of them, so it can't use count
        rate(terminal, 7d) => 6: rate takes the frauds of an entity, as in rate(account.fraud, 30d, delay 7d)
        rate(terminl.fraud, 7d) => 6: rate takes the frauds of an entity, as in rate(account.fraud, 30d, delay 7d); did you mean 'terminal'?
        rate(terminal.fraud) => 1: rate takes the frauds of an entity, a length and, where not all transactions count, a condition on them, as in rate(account.fraud, 30d, delay 7d)
        rate(terminal.fraud, 7d, 5) => 26: expected a condition on the transactions of terminal, as in channel == "online", but this is a number
        since_first(terminal.country == "FR") => 13: since_first takes the frauds of an entity, as in since_first(account.fraud, 30d, delay 7d)
        since_first(terminal.fraud) > 5 => 31: '>' compares two durations, but the right side is a number
        rte(account.fraud, 7d) => 1: there is no function 'rte'; did you mean 'rate'?
        """);

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_does_not_fit_is_refused(string expression, string problem) => Assert.Equal(problem, Expressions.Result(expression));

    [Theory]
    [InlineData("count(device, 1h) > 1", "7: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("avg(device.amount, 1h) > 1", "5: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("since(device.country == \"FR\") > 1h", "7: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("rate(device.fraud, 1h) > 1", "6: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("distance_km(device.last) > 1", "13: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("device.amount > 1", "1: there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData("count(devise, 1h) > 1", "7: count counts transactions and takes an entity alone, as in count(account, 1h)")]
    [InlineData("count(terminal, 1h) > 1", "")]
    [InlineData("count(account, 1h) > 1", "")]
    public void An_entity_that_is_not_configured_can_not_be_named(string expression, string problem)
    {
        var (_, problems) = Expressions.Evaluate(expression, new HashSet<EntityKind> { EntityKind.Terminal }, Now);
        Assert.Equal(problem, string.Join(" | ", problems.Found.Select(static found => $"{found.Place.Start + 1}: {found.Message}")));
    }

    [Fact]
    public void A_set_plans_the_windows_of_each_kind()
    {
        var set = Given.Set("count(terminal, 1h) > count(account, 1h) && count(terminal, 1h) > 2 && rate(terminal.fraud, 7d, delay 7d) > 0 && count(device, 1h) > 3");
        Assert.Equal([EntityKind.Terminal, EntityKind.Device], set.Plans.Visited.AsEnumerable());
        Assert.Equal(
            ["count(account, 1h)", "count(terminal, 1h)", "rate(terminal.fraud, 7d, delay 7d)", "count(device, 1h)"],
            EntityWindow.AllOf(set.Plans).Select(static window => window.ToString()));
        Assert.Equal([0, 1, 2, 3], set.Rules[0].Windows.Select(window => window.NumberIn(set.Plans)));
        Assert.Equal([TransactionField.TerminalId, TransactionField.DeviceId], set.Rules[0].Fields.AsEnumerable());
    }

    [Theory]
    [InlineData("rate(terminal.fraud, 7d, delay 7d) > 0.2", "0.25", RuleResult.Hit)]
    [InlineData("rate(terminal.fraud, 7d, delay 7d) > 0.2", "0.2", RuleResult.NoHit)]
    [InlineData("count(terminal.fraud, 30d) >= 2", "2", RuleResult.Hit)]
    [InlineData("since(terminal.fraud, 30d) == duration(\"90.5s\")", "90.5", RuleResult.Hit)]
    [InlineData("since_first(terminal.fraud, 30d) < 90s", "90", RuleResult.NoHit)]
    [InlineData("since(terminal.fraud, 30d) < 90s", "", RuleResult.NoHit)]
    public void A_rule_sees_what_the_visited_entity_said(string when, string value, RuleResult result)
    {
        var set = Given.Set(when);
        var entities = new EntityValues();
        entities[EntityKind.Terminal].Clear(1);
        if (value.Length > 0)
        {
            entities[EntityKind.Terminal].Set(0, decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), default);
        }

        Assert.Equal(result, Evaluate(set, entities, out _));
    }

    [Fact]
    public void An_entity_that_did_not_answer_is_an_error_and_one_that_nobody_asked_is_missing()
    {
        var set = Given.Set("count(terminal, 1h) > 1");
        var entities = new EntityValues();
        entities[EntityKind.Terminal].SetUnanswered();
        Assert.Equal(RuleResult.Error, Evaluate(set, entities, out var evaluation));
        Assert.Equal("the terminal did not answer in time", set.Explain(evaluation)[0].Condition.Reason);
        Assert.Equal(RuleResult.NoHit, Evaluate(set, null, out evaluation));
        Assert.Equal("no earlier transaction in the window has it", set.Explain(evaluation)[0].Condition.Reason);
    }

    [Fact]
    public void An_evaluation_that_has_turned_to_another_transaction_forgets_the_entities()
    {
        var set = Given.Set("count(terminal, 1h) > 1");
        var entities = new EntityValues();
        entities[EntityKind.Terminal].Clear(1);
        entities[EntityKind.Terminal].Set(0, 5, default);
        Assert.Equal(RuleResult.Hit, Evaluate(set, entities, out var evaluation));
        evaluation.Begin(Given.Transaction(Now), new WindowReader(set.Windows), []);
        set.Evaluate(evaluation);
        Assert.Equal(RuleResult.NoHit, evaluation.Results[0]);
    }

    [Fact]
    public void Windows_of_all_kinds_count_together()
    {
        static string Windows(string kind, int from) => string.Join(" && ", Enumerable.Range(from, 200).Select(number => $"count({kind}, {number}s) > 1"));
        string[] kinds = ["account", "terminal", "merchant", "device", "counterparty"];
        string Yaml(int last) => "name: test\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules:\n" + string.Concat(Enumerable.Range(0, last).Select(rule =>
            $"  - id: r-{rule}\n    when: {Windows(kinds[rule % 5], 1 + (rule / 5 * 200))}\n    score: 0.1\n    text: A reason\n"));
        Assert.Equal(2_000, RuleSet.Parse(Yaml(10), "rules.yaml", WindowSettings.Default).Plans.Count);
        var error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleSet.Parse(Yaml(11), "rules.yaml", WindowSettings.Default)).Errors);
        Assert.Contains("at most 2000 different windows, but this has 2200", error.Message, StringComparison.Ordinal);
    }

    private static RuleResult Evaluate(RuleSet set, EntityValues? entities, out RuleEvaluation evaluation)
    {
        evaluation = new RuleEvaluation();
        evaluation.Begin(Given.Transaction(Now), new WindowReader(set.Windows), [], entities);
        set.Evaluate(evaluation);
        return evaluation.Results[0];
    }
}
