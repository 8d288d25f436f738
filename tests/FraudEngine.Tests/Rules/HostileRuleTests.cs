using System.Text;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Whatever a file holds, it gives a rule set or a <see cref="RuleSetException"/>, and soon.</summary>
public class HostileRuleTests
{
    private static readonly string[] Pieces =
    [
        "amount", "country", "timestamp", "account", "account.amount", "count(account, 1h)", "last(account.country)", "hour(timestamp)", "1", "0.5", "30d", "\"BE\"",
        "'x'", "true", "false", "&&", "||", "!", "==", "!=", "<", ">=", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", " in ", " ", "\n", "\"", "\\", "\\u0041",
        "é", "😀", "\0", "9999999999999999999999999999", "//", "?", ":", "#", "&a", "*a", "|", ">", "{", "}", "- ", "{amount}", "{{", "}}", "action: ", "tags: ", "decline",
        "has(", "country.startsWith(\"B\")", ".matches(\"", "(?i)a{9}", "[1, 2][0]", "list(\"x\")", "since(account)", "count(account, 1h, ", "channel == \"atm\"", "r'", "'''", "true ? ", " : ", "1e5", "0x1f",
    ];

    [Theory]
    [InlineData("(", 100, "amount > 1", ")", true)]
    [InlineData("(", 101, "amount > 1", ")", false)]
    [InlineData("(", 4_990, "true", ")", false)]
    [InlineData("(", 9_900, "", "", false)]
    [InlineData("!", 99, "true", "", true)]
    [InlineData("!", 100, "true", "", false)]
    [InlineData("!", 9_900, "true", "", false)]
    [InlineData("1 + ", 98, "1 > 1", "", true)]
    [InlineData("1 + ", 99, "1 > 1", "", false)]
    [InlineData("1 + ", 2_000, "1 > 1", "", false)]
    [InlineData("amount > 1 || ", 700, "true", "", true)]
    [InlineData("[", 9_900, "", "", false)]
    [InlineData("hour(", 1_900, "", "", false)]
    [InlineData("a.", 4_900, "b", "", false)]
    [InlineData("1 in [", 1_600, "", "", false)]
    [InlineData("true ? 1 : ", 99, "1 > 0", "", false)]
    [InlineData("true ? true : ", 99, "true", "", true)]
    [InlineData("true ? true : ", 100, "true", "", false)]
    [InlineData("true ? true : ", 700, "true", "", false)]
    [InlineData("(true ? (", 900, "", "", false)]
    [InlineData("[", 98, "", "] == []", false)]
    [InlineData("country", 1, "", ".size()", false)]
    [InlineData("[1][", 1_900, "", "", false)]
    [InlineData("has(", 1_900, "", "", false)]
    [InlineData("count(account, 1h, ", 500, "", "", false)]
    [InlineData("9", 9_900, "> 1", "", false)]
    [InlineData("\\\\", 4_900, "", "", false)]
    public void Depth_is_bounded(string open, int count, string middle, string close, bool isValid)
    {
        var when = string.Concat(Enumerable.Repeat(open, count)) + middle + string.Concat(Enumerable.Repeat(close, count));
        var exception = Record.Exception(() => Given.Set(when));
        Assert.Equal(isValid, exception is null);
        Assert.True(exception is null or RuleSetException, exception?.ToString());
    }

    [Fact]
    public void Deep_and_long_yaml_is_refused()
    {
        Refuse(new string('[', 100_000));
        Refuse(new string('{', 100_000));
        Refuse(string.Concat(Enumerable.Repeat("- ", 50_000)));
        Refuse(string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"k{i}: 1\n")));
        Refuse("a: &a [1]\nb: [*a, *a]");
        Refuse(new string('a', 5 * 1024 * 1024));
        Refuse("rules:\n" + string.Concat(Enumerable.Repeat("  - id: A\n", 2_000)));
    }

    [Fact]
    public void Random_expressions_never_crash()
    {
        var random = new Random(20260304);
        var valid = 0;
        var evaluation = new RuleEvaluation();
        for (var i = 0; i < 20_000; i++)
        {
            var when = new StringBuilder();
            for (var length = random.Next(1, 12); length > 0; length--)
            {
                when.Append(Pieces[random.Next(Pieces.Length)]);
            }

            valid += TryParse(Given.Yaml("\"" + Escape(when.ToString()) + "\""), evaluation) ? 1 : 0;
        }

        Assert.InRange(valid, 1, 10_000);
    }

    [Fact]
    public void Random_files_never_crash()
    {
        var random = new Random(4711);
        var shipped = ShippedRules.Read("config/rules.yaml")[..4_000];
        var evaluation = new RuleEvaluation();
        for (var i = 0; i < 3_000; i++)
        {
            var yaml = new StringBuilder(shipped);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(yaml.Length);
                yaml.Remove(at, random.Next(0, Math.Min(20, yaml.Length - at))).Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            TryParse(yaml.ToString(), evaluation);
        }
    }

    private static bool TryParse(string yaml, RuleEvaluation evaluation)
    {
        try
        {
            var set = RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default);
            var transaction = Given.Transaction("country=BE");
            var windows = new WindowReader(set.Windows);
            windows.Begin(new EventHistory(set.Windows), transaction);
            evaluation.Begin(transaction, windows, set.Bind(NamedLists.Empty));
            set.Evaluate(evaluation);
            return true;
        }
        catch (RuleSetException exception)
        {
            Assert.All(exception.Errors, static error => Assert.True(error.Line > 0 && error.Column > 0 && error.Message.Length < 1_000, error.Message));
            return false;
        }
    }

    private static string Escape(string when)
    {
        var escaped = new StringBuilder();
        foreach (var c in when)
        {
            escaped.Append(c is '"' or '\\' ? "\\" + c : char.IsControl(c) ? $"\\x{(int)c:X2}" : c.ToString());
        }

        return escaped.ToString();
    }

    private static void Refuse(string yaml) => Assert.Throws<RuleSetException>(() => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default));
}
