using System.Globalization;
using FraudEngine.Domain.Customers;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Activity rules: of which customers choose to be told.</summary>
public class ActivityRuleTests
{
    private const string Valid = """
        name: mine
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: many
            when: count(account, 1h) > 3
            score: 0.4
            tags: [velocity]
            text: Many payments
            texts: { de: Viele Zahlungen }
        activity:
          - id: above
            takes: number
            when: amount > chosen
            text: A payment of {amount}
            texts: { de: 'Eine Zahlung über {amount}', fr: Un paiement }
          - id: abroad
            takes: text
            when: country != chosen && count(account, 1h) >= 1
            text: Abroad
          - id: online
            when: channel == "online" && merchantId in list("mine")
            text: Online
        """;

    [Fact]
    public void A_file_may_state_activity_rules()
    {
        var set = Parse(Valid);
        Assert.Equal(["above", "abroad", "online"], set.Activity.Select(static rule => rule.Id));
        Assert.Equal([ActivityChoice.Number, ActivityChoice.Text, ActivityChoice.None], set.Activity.Select(static rule => rule.Takes));
        Assert.Equal(["number", "text", null], set.Activity.Select(static rule => rule.TakesText));
        Assert.Equal("amount > chosen", set.Activity[0].When);
        Assert.Equal("Un paiement", set.Activity[0].Texts["fr"]);
        Assert.Equal(["count(account, 1h)"], set.Activity[1].Windows.Select(static window => window.ToString()));
        Assert.Equal(1, set.Plans.Count);
        Assert.Equal(["mine"], set.ListNames.AsEnumerable());
        Assert.Equal([0, 1, 2, -1], new[] { "above", "abroad", "online", "many" }.Select(set.FindActivity));
        Assert.Empty(Parse(Valid[..Valid.IndexOf("activity:", StringComparison.Ordinal)]).Activity);
        Assert.Empty(Parse(Valid[..Valid.IndexOf("  - id: above", StringComparison.Ordinal)]).Activity);
    }

    [Fact]
    public void Decisions_name_them_behind_the_rules()
    {
        var reasons = Parse(Valid).Reasons;
        Assert.Equal([("many", true), ("above", false), ("abroad", false), ("online", false)], reasons.Select(static reason => (reason.Rule, reason.IsAgainst)));
        var payment = Given.Transaction("amount=12.5");
        Assert.Equal(["Many payments", "Viele Zahlungen"], new[] { "en", "de" }.Select(language => reasons[0].TextFor(payment, language)));
        Assert.Equal(["A payment of 12.50", "Eine Zahlung über 12,50", "Un paiement"], new[] { "en", "de", "fr" }.Select(language => reasons[1].TextFor(payment, language)));
        Assert.Equal("Abroad", reasons[2].TextFor(payment, "de"));
        Assert.Null(reasons[2].Texts);
    }

    [Theory]
    [InlineData("A payment of {amount}", "A payment of {currency}")]
    [InlineData("Un paiement", "Un autre")]
    [InlineData("Viele", "Mehrere")]
    [InlineData("fr:", "it:")]
    [InlineData("amount > chosen", "amount >= chosen")]
    [InlineData("id: online", "id: on-line")]
    [InlineData("takes: number\n    when: amount > chosen", "when: amount > 5")]
    public void Sets_that_tell_of_other_activity_say_something_else(string text, string replacement)
    {
        Assert.True(Parse(Valid).SaysTheSameAs(Parse("# a comment\n" + Valid)));
        Assert.False(Parse(Valid).SaysTheSameAs(Parse(Valid.Replace(text, replacement, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("takes: number", "takes: amount", "13:12: 'takes' takes number or text, but found 'amount'")]
    [InlineData("takes: number", "takes: numbre", "13:12: 'takes' takes number or text, but found 'numbre'; did you mean 'number'?")]
    [InlineData("takes: number", "takes: none", "13:12: 'takes' takes number or text, but found 'none'")]
    [InlineData("takes: number", "takes:", "13:11: 'takes' needs a value")]
    [InlineData("takes: number", "takes: [number]", "13:12: 'takes' takes a single value")]
    [InlineData("    takes: number\n", "", "13:20: the customer chooses nothing here: chosen needs 'takes: number' or 'takes: text'")]
    [InlineData("takes: number", "takes: text", "14:20: '>' compares two numbers, but the right side is text")]
    [InlineData("takes: text", "takes: number", "19:22: '!=' compares two texts, but the right side is a number")]
    [InlineData("amount > chosen", "amount > chosn", "14:20: there is no field 'chosn'")]
    [InlineData("amount > chosen", "has(chosen)", "14:15: has takes a field of the transaction, as in has(country)")]
    [InlineData("amount > chosen", "count(account, 1h, amount > chosen) > 3", "14:39: a condition on a window's transactions is the same for all customers, so it can't use chosen; compare what the window says with it")]
    [InlineData("amount > chosen", "chosen", "14:11: a rule needs a condition (true or false), but this is a number")]
    [InlineData("count(account, 1h) > 3", "amount > chosen", "6:20: there is no field 'chosen'")]
    [InlineData("id: above", "id: many", "12:9: the id 'many' is already that of the rule in line 5")]
    [InlineData("id: online", "id: above", "21:9: the id 'above' is already that of the rule in line 12")]
    [InlineData("id: above", "id: Above", "12:9: 'id' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'Above'")]
    [InlineData("    text: Abroad\n", "", "17:5: an activity rule needs 'text'")]
    [InlineData("takes: number", "score: 0.5", "13:5: an activity rule has no 'score'; its keys are id, when, text, takes, texts", "14:20: the customer chooses nothing here: chosen needs 'takes: number' or 'takes: text'")]
    [InlineData("activity:", "activty:", "11:1: a rule set has no 'activty'; its keys are name, version, thresholds, rules, activity; did you mean 'activity'?")]
    [InlineData("  - id: above", "  - above\n  - id: above", "12:5: expected an activity rule: id, when, text and, where the customer chooses something, takes")]
    [InlineData("fr: Un paiement", "french: Un paiement", "16:48: 'texts' takes codes of languages, two small letters as in de, but found 'french'")]
    [InlineData("fr: Un paiement", "DE: Un paiement", "16:48: 'texts' takes codes of languages, two small letters as in de, but found 'DE'")]
    [InlineData("fr: Un paiement", "de: Un paiement", "16:48: 'de' is given twice")]
    [InlineData("fr: Un paiement", "fr: ''", "16:52: 'fr' takes 1 to 500 printable characters")]
    [InlineData("fr: Un paiement", "fr: 'de {montant}'", "16:57: there is no field 'montant'")]
    [InlineData("{ de: Viele Zahlungen }", "Viele", "10:12: 'texts' takes other languages, as in { de: \"…\" }")]
    [InlineData("{ de: Viele Zahlungen }", "{ de: [a] }", "10:18: 'de' takes a single value")]
    [InlineData("{ de: Viele Zahlungen }", "{ aa: a, bb: b, cc: c, dd: d, ee: e, ff: f, gg: g, hh: h, ii: i }", "10:70: 'texts' takes at most 8 languages, but this has 9")]
    public void An_error_is_told_with_its_place(string text, string replacement, params string[] errors)
    {
        Assert.Contains(text, Valid, StringComparison.Ordinal);
        var exception = Assert.Throws<RuleSetException>(() => Parse(Valid.Replace(text, replacement, StringComparison.Ordinal)));
        Assert.Equal(string.Join('\n', errors), string.Join('\n', exception.Errors.Select(static error => $"{error.Line}:{error.Column}: {error.Message}")));
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    public void There_are_at_most_fifty(int count, int errors)
    {
        var yaml = string.Concat(Enumerable.Range(0, count).Select(static i => $"\n  - {{ id: x{i}, when: amount > {i}, text: x }}"));
        var file = Given.Yaml("true") + "\nactivity:" + yaml;
        if (errors == 0)
        {
            Assert.Equal(count, Parse(file).Activity.Length);
        }
        else
        {
            Assert.Contains("a rule set has at most 50 activity rules, but this has 51", Assert.Throws<RuleSetException>(() => Parse(file)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void They_count_for_what_a_rule_set_may_cost()
    {
        var costly = string.Join(" || ", Enumerable.Repeat("merchantId.matches(\"(a|b|c|d|e|f|g|h){1,40}x\")", 200));
        var yaml = Given.Yaml("true") + $"\nactivity:\n  - {{ id: costly, when: '{costly}', text: x }}\n";
        Assert.Contains("for the costliest rule, 'costly'", Assert.Throws<RuleSetException>(() => Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("number", "amount > chosen", "20", "amount=20.01", RuleResult.Hit)]
    [InlineData("number", "amount > chosen", "20", "amount=20", RuleResult.NoHit)]
    [InlineData("number", "amount / chosen > 2", "0", "amount=20", RuleResult.Error)]
    [InlineData("number", "amount > chosen", null, "amount=20", RuleResult.NoHit)]
    [InlineData("number", "true", null, "amount=20", RuleResult.NoHit)]
    [InlineData("number", "amount in [chosen, chosen * 2]", "10", "amount=20", RuleResult.Hit)]
    [InlineData("text", "country != chosen", "BE", "country=FR", RuleResult.Hit)]
    [InlineData("text", "country != chosen", "BE", "country=BE", RuleResult.NoHit)]
    [InlineData("text", "country != chosen", "BE", "", RuleResult.NoHit)]
    [InlineData("text", "!(country == chosen)", null, "country=BE", RuleResult.NoHit)]
    [InlineData("text", "true", "", "country=BE", RuleResult.NoHit)]
    [InlineData("text", "merchantId == chosen", "a-merchant-with-a-long-name", "merchantId=a-merchant-with-a-long-name", RuleResult.Hit)]
    [InlineData("text", "merchantId.startsWith(chosen)", "shop", "merchantId=shop-7", RuleResult.Hit)]
    [InlineData("text", "chosen.size() == 4", "größ", "", RuleResult.Hit)]
    [InlineData("text", "chosen in list(\"mine\")", "x", "", RuleResult.NoHit)]
    [InlineData("text", "[country, chosen] == [\"BE\", \"NL\"]", "NL", "country=BE", RuleResult.Hit)]
    [InlineData("text", "(has(country) ? country : chosen) < \"C\"", "BE", "", RuleResult.Hit)]
    [InlineData("", "channel == \"online\"", null, "channel=online", RuleResult.Hit)]
    [InlineData("", "channel == \"online\"", "5", "channel=online", RuleResult.Hit)]
    [InlineData("", "channel == \"online\"", null, "channel=pos", RuleResult.NoHit)]
    public void Chosen_is_what_the_customer_has_chosen(string takes, string when, string? chosen, string payment, RuleResult result)
    {
        var set = Parse(Activity(takes, when));
        var evaluation = new RuleEvaluation();
        evaluation.Begin(Given.Transaction(payment), new WindowReader(set.Windows), [new("mine")]);
        set.Evaluate(evaluation);
        var activity = takes == "number" && chosen is not null
            ? new ChosenActivity("told", decimal.Parse(chosen, CultureInfo.InvariantCulture))
            : new ChosenActivity("told", Text: chosen);
        Assert.Equal(result, set.Activity[0].Evaluate(evaluation, activity));
        Assert.Equal(result, set.Activity[0].Evaluate(evaluation, activity));
    }

    [Theory]
    [InlineData("number", true, false, false)]
    [InlineData("text", false, true, false)]
    [InlineData("", false, false, true)]
    public void What_was_chosen_fits_what_the_rule_takes(string takes, bool number, bool text, bool nothing)
    {
        var rule = Parse(Activity(takes, "true")).Activity[0];
        Assert.Equal(
            [number, text, nothing, false, false],
            new ChosenActivity[] { new("told", 0), new("told", Text: "x"), new("told"), new("told", 5, "x"), new("told", Text: "") }.Select(rule.Fits));
    }

    [Fact]
    public void What_others_have_chosen_does_not_count()
    {
        var set = Parse(Valid);
        var evaluation = new RuleEvaluation();
        evaluation.Begin(Given.Transaction("amount=20 country=FR"), new WindowReader(set.Windows), [new("mine")]);
        set.Evaluate(evaluation);
        Assert.Equal(
            [RuleResult.Hit, RuleResult.NoHit, RuleResult.Hit, RuleResult.NoHit],
            new decimal?[] { 10, 30, 10, null }.Select(limit => set.Activity[0].Evaluate(evaluation, new ChosenActivity("above", limit))));
    }

    [Fact]
    public void Trying_them_allocates_nothing()
    {
        var set = Parse(Activity("text", "merchantId != chosen && !merchantId.startsWith(chosen) && same(account.merchantId, 30d) == 1"));
        var history = new EventHistory(set.Windows);
        var reader = new WindowReader(set.Windows);
        var evaluation = new RuleEvaluation();
        var transaction = Given.Transaction("merchantId=a-merchant-with-a-long-name");
        var chosen = new ChosenActivity("told", Text: "another-merchant-with-a-long-name");
        Assert.Equal(RuleResult.Hit, Try(1_000));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Try(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        RuleResult Try(int times)
        {
            var result = RuleResult.None;
            for (var i = 0; i < times; i++)
            {
                reader.Begin(history, transaction);
                evaluation.Begin(transaction, reader, []);
                set.Evaluate(evaluation);
                result = set.Activity[0].Evaluate(evaluation, chosen);
            }

            return result;
        }
    }

    private static string Activity(string takes, string when) =>
        Given.Yaml("true") + $"\nactivity:\n  - id: told\n{(takes.Length == 0 ? "" : $"    takes: {takes}\n")}    when: '{when}'\n    text: Told\n";

    private static RuleSet Parse(string yaml) => RuleSet.Parse(yaml.ReplaceLineEndings("\n"), "rules.yaml", WindowSettings.Default);
}
