using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Explanation;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

public class ExplanationTests
{
    [Fact]
    public void Every_part_of_a_condition_is_shown_with_its_place_and_value()
    {
        var rule = Explain("""
            count(account, 1d, channel == "online") >= 2
                  && amount > 3 * (has(deviceId) ? 1 : 2)
                  && !(country in ["BE", currency])
            """);
        Assert.Equal(
            """
            7:7 condition true: count(account, 1d, channel == "online") >= 2
            && amount > 3 * (has(deviceId) ? 1 : 2)
            && !(country in ["BE", currency])
             7:7 condition true: count(account, 1d, channel == "online") >= 2
              7:7 number 3: count(account, 1d, channel == "online")
              7:50 number 2: 2
             8:10 condition true: amount > 3 * (has(deviceId) ? 1 : 2)
              8:10 number 10: amount
              8:19 number 6: 3 * (has(deviceId) ? 1 : 2)
               8:19 number 3: 3
               8:23 number 2: (has(deviceId) ? 1 : 2)
                8:24 condition false: has(deviceId)
                8:40 number 1: 1
                8:44 number 2: 2
             9:10 condition true: !(country in ["BE", currency])
              9:11 condition false: (country in ["BE", currency])
               9:12 text FR: country
               9:23 list ["BE", "EUR"]: ["BE", currency]
                9:24 text BE: "BE"
                9:30 text EUR: currency

            """.ReplaceLineEndings("\n"),
            Show(rule.Condition, 0));
        Assert.Equal((RuleResult.Hit, "rule"), (rule.Result, rule.Rule.Id));
    }

    [Theory]
    [InlineData("amount / (amount - 10) > 1", "error: division by zero")]
    [InlineData("amount * 9999999999999999999999999999 > 1", "error: the result is too large")]
    [InlineData("deviceId == \"x\"", "missing: the transaction has no deviceId")]
    [InlineData("last(account.deviceId) == deviceId", "missing: no earlier transaction in the window has it")]
    [InlineData("amount > 1 ? 1 / (amount - 10) > 0 : deviceId == \"x\"", "error: division by zero")]
    [InlineData("amount < 1 ? 1 / (amount - 10) > 0 : deviceId == \"x\"", "missing: the transaction has no deviceId")]
    [InlineData("deviceId == \"x\" || 1 / (amount - 10) > 0", "error: division by zero")]
    public void What_has_no_value_says_why(string when, string reason)
    {
        var rule = Explain(when);
        Assert.Equal(reason, $"{rule.Condition.Status.ToString().ToLowerInvariant()}: {rule.Condition.Reason}");
        Assert.Null(rule.Condition.Value);
        Assert.Equal(reason.StartsWith("error", StringComparison.Ordinal) ? RuleResult.Error : RuleResult.NoHit, rule.Result);
    }

    [Fact]
    public void A_window_that_is_not_known_says_so()
    {
        var rule = Explain("count(account, 1d) > 100", WindowSettings.Default with { EventsMax = 1 });
        Assert.Equal("the window reaches behind what is kept", rule.Condition.Parts[0].Reason);
        Assert.Equal(RuleResult.Error, rule.Result);
    }

    [Fact]
    public void A_long_text_of_a_window_is_named_by_whoever_knows_it()
    {
        const string merchant = "a-merchant-with-a-long-name";
        const string when = "last(account.merchantId) == merchantId";
        Assert.StartsWith("#", Explain(when).Condition.Parts[0].Value, StringComparison.Ordinal);
        Assert.Equal(merchant, Explain(when, nameOf: key => key == TextKey.Of(merchant) ? merchant : null).Condition.Parts[0].Value);
        Assert.Equal("m2", Explain("last(account.merchantId, channel == \"online\") == \"m2\"", nameOf: static _ => null).Condition.Parts[0].Value);
    }

    [Fact]
    public void Shipped_rules_are_explained_as_they_were_evaluated()
    {
        var set = ShippedRules.Default;
        var account = new Account(set).Pay("24x +12h 01T09:00 amount=# country=BE channel=pos deviceId=phone").Pay("13T12:00 amount=900 country=FR channel=atm");
        var results = account.Evaluation.Results.ToArray();
        var explanations = set.Explain(account.Evaluation);
        Assert.Equal(results, explanations.Select(static rule => rule.Result));
        Assert.Contains(RuleResult.Hit, results);
        Assert.All(explanations, rule =>
        {
            Assert.Equal(rule.Result == RuleResult.Hit, rule.Condition.Value == "true");
            Assert.Equal(set.Source.Split('\n')[rule.Condition.Line - 1][(rule.Condition.Column - 1)..].Split('\n')[0][..5], rule.Condition.Text[..5]);
        });
    }

    private static RuleExplanation Explain(string when, WindowSettings? settings = null, Func<TextKey, string?>? nameOf = null)
    {
        var yaml = $"name: test\nversion: 1\nthresholds: {{ review: 0.5, decline: 0.8 }}\nrules:\n  - id: rule\n    when: |\n      {when}\n    score: 0.4\n    text: A reason\n";
        var set = RuleSet.Parse(yaml, "rules.yaml", settings ?? WindowSettings.Default);
        var history = new EventHistory(set.Windows);
        history.Add(Given.Transaction("timestamp=2026-03-04T08:00:00Z channel=online merchantId=m1"));
        history.Add(Given.Transaction("timestamp=2026-03-04T09:00:00Z channel=online merchantId=m2"));
        history.Add(Given.Transaction("timestamp=2026-03-04T10:00:00Z channel=atm merchantId=a-merchant-with-a-long-name"));
        var transaction = Given.Transaction("amount=10 country=FR channel=online merchantId=m2");
        var windows = new WindowReader(set.Windows);
        windows.Begin(history, transaction);
        var evaluation = new RuleEvaluation();
        evaluation.Begin(transaction, windows, []);
        return Assert.Single(set.Explain(evaluation, nameOf));
    }

    private static string Show(ExpressionExplanation part, int depth) =>
        $"{new string(' ', depth)}{part.Line}:{part.Column} {part.Type} {part.Value}: {part.Text}\n" + string.Concat(part.Parts.Select(inner => Show(inner, depth + 1)));
}
