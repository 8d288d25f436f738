using System.Globalization;
using System.Text.RegularExpressions;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

public partial class RuleDocsTests
{
    [Fact]
    public void Every_example_of_the_reference_compiles()
    {
        var examples = Example().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n"));
        Assert.True(examples.Count >= 5);
        foreach (Match example in examples)
        {
            Assert.Single(Given.Set(example.Groups["when"].Value).Rules);
        }
    }

    [Fact]
    public void Every_rule_file_of_the_reference_is_read()
    {
        var files = File().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n"));
        Assert.NotEmpty(files);
        foreach (Match file in files)
        {
            Assert.NotEmpty(RuleSet.Parse(file.Groups["yaml"].Value, "rules.md", WindowSettings.Default).Rules);
        }
    }

    [Fact]
    public void Every_example_finds_what_it_says()
    {
        var payments = 0;
        foreach (Match example in Story().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n")))
        {
            var account = new Account(Given.Set(example.Groups["when"].Value), NamedLists.Empty.With(1, Blocked));
            foreach (var line in example.Groups["payments"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = line.Split('→', StringSplitOptions.TrimEntries);
                account.Pay(parts[0]);
                var found = account.Evaluation.Results[0] switch
                {
                    RuleResult.Hit => "hit",
                    RuleResult.NoHit => "no hit",
                    _ => "error",
                };
                Assert.Equal((line, parts[1]), (line, found));
                payments++;
            }
        }

        Assert.InRange(payments, 30, 1_000);
    }

    [Fact]
    public void Every_activity_alert_is_told_as_it_says()
    {
        var payments = 0;
        foreach (Match example in Activity().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n")))
        {
            var chosen = example.Groups["chosen"] is { Success: true, Value: var value } ? value : null;
            var isNumber = decimal.TryParse(chosen, CultureInfo.InvariantCulture, out var number);
            var takes = chosen is null ? "" : isNumber ? "takes: number, " : "takes: text, ";
            var yaml = $"{Given.Yaml("true")}\nactivity:\n  - {{ id: told, {takes}text: Told, when: '{example.Groups["when"].Value.ReplaceLineEndings(" ")}' }}\n";
            var account = new Account(RuleSet.Parse(yaml, "rules.md", WindowSettings.Default))
            {
                Chosen = [isNumber ? new ChosenActivity("told", number) : new ChosenActivity("told", Text: chosen)],
            };
            foreach (var line in example.Groups["payments"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = line.Split('→', StringSplitOptions.TrimEntries);
                account.Pay(parts[0]);
                Assert.Equal((line, parts[1]), (line, account.Told.Count > 0 ? "hit" : "no hit"));
                payments++;
            }
        }

        Assert.InRange(payments, 10, 1_000);
    }

    [Fact]
    public void Every_value_is_what_it_says()
    {
        var rows = Values().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n")).SelectMany(static block => Expressions.Table(block.Groups["values"].Value)).ToList();
        Assert.InRange(rows.Count, 20, 1_000);
        Assert.All(rows, static row => Assert.Equal(((string)row[0], (string)row[1]), ((string)row[0], Expressions.Result((string)row[0]))));
    }

    private static readonly NamedList Blocked = new NamedList("blocked-merchants").With([new ListChange(TextKey.Of("shop-13"), ListChange.Never)]);

    [GeneratedRegex("^```rule\n(?<when>[^`]*)^```\n```payments\n(?<payments>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Story();

    [GeneratedRegex("^```activity\n(// chosen: (?<chosen>\\S+)\n)?(?<when>[^`]*)^```\n```payments\n(?<payments>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Activity();

    [GeneratedRegex("^```values\n(?<values>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Values();

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex File();

    [GeneratedRegex("^```rule\n(?<when>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
