using System.Globalization;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>A set that would take a shard too long is refused from its text alone.</summary>
public class RuleLimitTests
{
    [Fact]
    public void Lists_inside_lists_that_would_take_for_ever_are_refused()
    {
        var items = string.Join(',', Enumerable.Range(1, 100).Select(static number => $"-{number}"));
        string Nested(int levels) => levels == 0 ? "amount" : $"({Nested(levels - 1)} in [{items}] ? 1 : 2)";
        Assert.Equal(RuleResult.NoHit, Given.Result($"{Nested(2)} == 1", "amount=10"));
        Assert.Contains("'rule'", Refusal($"{Nested(4)} == 1"), StringComparison.Ordinal);
        Assert.Contains("more than 1000 s", Refusal($"{Nested(20)} == 1"), StringComparison.Ordinal);
        Assert.Contains("ms for windows and their conditions", Refusal($"count(account, 1h, {Nested(4)} == 1) > 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_count_by_their_size()
    {
        Assert.Single(RuleSet.Parse(Many(1, Patterns), "rules.yaml", WindowSettings.Default).Rules);
        var error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleSet.Parse(Many(50, Patterns), "rules.yaml", WindowSettings.Default)).Errors);
        Assert.Contains("at most 5 ms are allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_are_bounded_and_those_that_are_shared_count_once()
    {
        static string Windows(int rule) => string.Join(" && ", Enumerable.Range(1, 50).Select(number => $"count(account, {(50 * rule) + number}s) > 1"));
        Assert.Equal(2000, RuleSet.Parse(Many(40, Windows), "rules.yaml", WindowSettings.Default).Windows.Specs.Length);
        Assert.Equal(50, RuleSet.Parse(Many(41, static _ => Windows(0)), "rules.yaml", WindowSettings.Default).Windows.Specs.Length);
        var error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleSet.Parse(Many(41, Windows), "rules.yaml", WindowSettings.Default)).Errors);
        Assert.Contains("at most 2000 different windows, but this has 2050", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_character_never_cuts_a_rule_short()
    {
        var yaml = Given.Yaml("amount > 1").Replace("A reason", "A reason\0 that goes on", StringComparison.Ordinal);
        var error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default)).Errors);
        Assert.Equal(8, error.Line);
        Assert.Contains("U+0000", error.Message, StringComparison.Ordinal);
    }

    private static string Patterns(int rule) =>
        string.Join(" || ", Enumerable.Range(0, 20).Select(number => string.Create(CultureInfo.InvariantCulture, $"merchantId.matches(\"[a-z].{{0,200}}{rule}-{number}$\")")));

    private static string Refusal(string when) => Assert.Single(Assert.Throws<RuleSetException>(() => Given.Set(when)).Errors).Message;

    private static string Many(int rules, Func<int, string> when) => $$"""
        name: test
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:

        """ + string.Concat(Enumerable.Range(0, rules).Select(rule => $"  - id: r-{rule}\n    when: '{when(rule)}'\n    score: 0.1\n    text: A reason\n"));
}
