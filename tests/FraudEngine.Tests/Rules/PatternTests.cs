using System.Text;
using System.Text.RegularExpressions;
using FraudEngine.Rules.Patterns;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

public class PatternTests
{
    [Theory]
    [InlineData("^(a|b)*c?$", "abab c", false)]
    [InlineData("^(a|b)*c?$", "ababc", true)]
    [InlineData("a{2}", "xaax", true)]
    [InlineData("^a{2,3}$", "aaaa", false)]
    [InlineData("^a{2,}$", "aaaa", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("a{x}", "a{x}", true)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("[é-ê]", "ê", true)]
    [InlineData("(?i)straße", "STRAßE", true)]
    [InlineData("(?i)É", "é", true)]
    [InlineData("a(?i)b", "aB", true)]
    [InlineData("a(?i)b", "AB", false)]
    [InlineData("(?i:a)b", "AB", false)]
    [InlineData("(?P<name>a)(?:b)", "ab", true)]
    [InlineData(@"\bab\b", "x ab.", true)]
    [InlineData(@"\bab\b", "xab", false)]
    [InlineData(@"a\Bb", "ab", true)]
    [InlineData(@"\A\d+\z", "123", true)]
    [InlineData("^b$", "a\nb\nc", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData(@"\x41\x{1F600}", "A😀", true)]
    [InlineData(@"^\Qa.b*\E+$", "a.b***", true)]
    [InlineData(@"^\Qab\E+$", "abab", false)]
    [InlineData(@"\Qa.b*\E", "xa.b*", true)]
    [InlineData(@"[]a]", "]", true)]
    [InlineData(@"[^]a]", "]", false)]
    [InlineData(@"[a\-z]", "-", true)]
    [InlineData(@"[a-]", "-", true)]
    [InlineData(@"[[:alpha:]_]+\s[[:^digit:]]", "ab x", true)]
    [InlineData(@"[\d.]+", "1.5", true)]
    [InlineData(@"\D", "1", false)]
    [InlineData(@"\w", "é", false)]
    [InlineData("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false)]
    [InlineData("(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    [InlineData("((((){1000}){10}))", "", true)]
    [InlineData("[a-cx-zéà-ä😀]{3}", "é😀á", true)]
    [InlineData("[a-cx-zéà-ä😀]", "d@w{ß😁", false)]
    [InlineData("[?-A]", "@", true)]
    [InlineData("x*?", "", true)]
    [InlineData("", "", true)]
    [InlineData("|a", "b", true)]
    public void Patterns_match_as_in_RE2(string pattern, string text, bool isMatch) => Assert.Equal(isMatch, Pattern.Parse(pattern).IsMatch(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("(((a{100}){100}){100}){100}")]
    [InlineData("(((((((){1000}){1000}){1000}){1000}){1000}){1000})")]
    [InlineData("((a{0,100}){0,100}){0,100}")]
    [InlineData("(x+x+){1000}")]
    public void A_pattern_that_is_too_large_is_refused_at_once(string pattern)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PatternException>(() => Pattern.Parse(pattern));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Groups_go_50_deep_and_patterns_500_characters_long()
    {
        Pattern.Parse(new string('(', 50) + new string(')', 50));
        Assert.Throws<PatternException>(() => Pattern.Parse(new string('(', 51) + new string(')', 51)));
        Pattern.Parse(new string('a', 500));
        Assert.Throws<PatternException>(() => Pattern.Parse(new string('a', 501)));
    }

    [Fact]
    public void Random_patterns_match_what_the_platforms_engine_matches() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed =>
    {
        var random = new Random(seed);
        var pattern = Random(random, 3);
        var texts = Enumerable.Range(0, 10).Select(_ => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "abc-"[random.Next(4)]))).ToArray();
        var mine = Pattern.Parse(pattern);
        var theirs = new Regex(pattern.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        foreach (var text in texts)
        {
            Assert.Equal((pattern, text, theirs.IsMatch(text)), (pattern, text, mine.IsMatch(Encoding.UTF8.GetBytes(text))));
        }
    }).Check(Property.Runs(Soak.Times(300, 20_000)));

    [Fact]
    public void Random_texts_are_patterns_or_refused() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed =>
    {
        var random = new Random(seed);
        string[] pieces = ["(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", "^", "$", "a", "1", "1000", ",", "-", "(?", "i", "P<", ">", "[:alpha:]", "\\d", "\\Q", "\\E", "\\x", "😀", "\ud83d", "\0"];
        var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 15)).Select(_ => pieces[random.Next(pieces.Length)]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Pattern.Parse(pattern).IsMatch("a1b2-😀"u8);
        }
        catch (PatternException)
        {
            // Refused, as most are.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }).Check(Property.Runs(Soak.Times(2_000, 200_000)));

    private static string Random(Random random, int depth) => random.Next(depth <= 0 ? 5 : 10) switch
    {
        0 => "a",
        1 => "[ab]",
        2 => ".",
        3 => "[^b-c]",
        4 => random.Next(2) == 0 ? "^" : "$",
        5 or 6 => Random(random, depth - 1) + Random(random, depth - 1),
        7 => $"(?:{Random(random, depth - 1)}|{Random(random, depth - 1)})",
        8 => $"({Random(random, depth - 1)})" + new[] { "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?" }[random.Next(8)],
        _ => "(" + Random(random, depth - 1) + ")b",
    };
}
