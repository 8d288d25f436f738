using System.Text;
using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

/// <summary>Whatever stands where an expression or a file should, it compiles or is refused with places inside it, soon, and within memory that its length bounds.</summary>
public class ParserFuzzTests
{
    private const int BytesFree = 1_000_000;
    private const int BytesPerCharacter = 4_000;

    private static readonly string[] Tokens =
    [
        "amount", "country", "account", "timestamp", "merchantId", "account.amount", "count", "last", "since", "distance_km", "has", "size", "terminal", "device.last", "terminal.fraud", "rate", "since_first", "delay", " delay 7d", "hour", "list", "duration", "matches", ".startsWith", ".matches",
        ".getHours", "1", "0", "0.5", "1e9", "0xff", "9999999999999999999999999999", "30d", "1h", "\"BE\"", "\"Europe/Brussels\"", "\"a{1000}\"", "'x'", "r'\\d'", "'''y'''", "true", "false", "null", "&&", "||",
        "!", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "?", ":", " in ", "//", "\n", "\"", "'", "\\", "é", "😀", "\ud800", "\0", "@", "&", "|", "=",
    ];

    private static readonly string[] Valid =
    [
        "count(account, 1d, channel == \"online\") >= 2 && amount > 3 * (has(deviceId) ? 1 : 2)",
        "merchantId.matches(\"^AB[0-9]+$\") || merchantId in list(\"blocked-merchants\")",
        "hour(timestamp, \"Europe/Brussels\") in [0, 1, 2] && timestamp.getDayOfWeek() == 0",
        "since(account.country == \"FR\") < duration(\"1h30m\") && speed_kmh(account.last) > 900",
        "(amount > 5 ? [1, 2] : [3]) + [4] == [1, 2, 4] && last(account.country, 30d, channel == \"atm\") != country",
        "count(terminal, 7d, amount > 5, delay 7d) > 1 && rate(merchant.fraud, 30d, delay duration(\"36h\")) > 0.1 && since(device.country == \"FR\", 1d) < 1h",
    ];

    [Fact]
    public void Random_characters() => Check(1_000, 100_000, static random =>
        new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(4) == 0 ? (char)random.Next(0x10000) : (char)random.Next(32, 127))]));

    [Fact]
    public void Random_tokens() => Check(2_000, 200_000, static random => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Tokens[random.Next(Tokens.Length)])));

    [Fact]
    public void Changed_expressions() => Check(2_000, 200_000, static random =>
    {
        var text = new StringBuilder(Valid[random.Next(Valid.Length)]);
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            var at = random.Next(text.Length);
            text.Remove(at, random.Next(0, Math.Min(8, text.Length - at))).Insert(at, Tokens[random.Next(Tokens.Length)]);
        }

        return text.ToString();
    });

    [Fact]
    public void Repeated_pieces() => Check(200, 5_000, static random =>
    {
        var piece = string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Tokens[random.Next(Tokens.Length)]));
        var text = string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length));
        return random.Next(2) == 0 ? text : text + Valid[0];
    });

    [Theory]
    [InlineData("amount in [", "[amount],", "[amount]]", "")]
    [InlineData("amount in [", "amount / 7 + latitude,", "1]", "")]
    [InlineData("[[", "amount,", "1]] == [[1]]", "")]
    [InlineData("", "hour(timestamp, \"+0:00\") == 1 || ", "true", "")]
    [InlineData("", "merchantId.matches(\"(a{400}|b{400})\") || ", "true", "")]
    [InlineData("", "merchantId.matches(\"(?i)[^x]{300}[\\\\x{0}-\\\\x{10ffff}]\") || ", "true", "")]
    [InlineData("", "count(account, 1h, amount > 1 || country == \"BE\") > 1 && ", "true", "")]
    [InlineData("[1] == (", "amount > 1 ? [1] : ", "[1]", ")")]
    [InlineData("", "\"", "a", "\" == \"\"")]
    [InlineData("", "amuont + ", "1", "")]
    public void Long_expressions(string before, string piece, string last, string after) =>
        TryCompile(before + string.Concat(Enumerable.Repeat(piece, (9_900 - before.Length - last.Length - after.Length) / piece.Length)) + last + after);

    [Fact]
    public void Changed_files()
    {
        var shipped = ShippedRules.Read("config/rules.yaml")[..3_000];
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            var yaml = new StringBuilder(shipped);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(yaml.Length);
                yaml.Remove(at, random.Next(0, Math.Min(40, yaml.Length - at))).Insert(at, Tokens[random.Next(Tokens.Length)]);
            }

            var text = yaml.ToString();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RuleSet.Parse(text, "rules.yaml", WindowSettings.Default, new HashSet<string>());
            }
            catch (RuleSetException exception)
            {
                var lines = text.Split('\n').Length;
                Assert.All(exception.Errors, error => Assert.InRange(error.Line, 1, lines + 1));
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesFree + (text.Length * (long)BytesPerCharacter));
        }).Check(Property.Runs(Soak.Times(200, 20_000)));
    }

    private static void Check(int shortForm, int fullForm, Func<Random, string> make) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => TryCompile(make(new Random(seed)))).Check(Property.Runs(Soak.Times(shortForm, fullForm)));

    private static void TryCompile(string text)
    {
        // The table of a zone is made once per process, whoever asks first.
        ZoneOffsets.Find("Europe/Brussels");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problems = new Problems();
        var condition = ExpressionCompiler.Condition(text, new Scope(new EntitySlots(WindowSettings.Default, null), new ListSlots(null)), problems);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, BytesFree + (text.Length * (long)BytesPerCharacter));
        Assert.Equal(condition is null, problems.Found.Count > 0);
        Assert.All(problems.Found, problem =>
        {
            Assert.InRange(problem.Place.Start, 0, text.Length);
            Assert.InRange(problem.Place.End, problem.Place.Start, text.Length);
            Assert.InRange(problem.Message.Length, 1, 1_000);
        });
        if (condition is not null)
        {
            var printed = ExpressionPrinter.Print(Parser.Parse(text));
            Assert.Equal(printed, ExpressionPrinter.Print(Parser.Parse(printed)));
        }
    }
}
