using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Lists;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Domain;

/// <summary>The text form of a list, in files and over HTTP.</summary>
public class ListTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n\r\n  \t\n", "")]
    [InlineData("# nothing\n  # at all", "")]
    [InlineData("M-1", "M-1")]
    [InlineData("\ufeffM-1\r\nM-2\r\n", "M-1|M-2")]
    [InlineData("  M-1  \n\tM-2\t", "M-1|M-2")]
    [InlineData("M-1 # why\nM-2\t#", "M-1|M-2")]
    [InlineData("M#1\nM-2#", "M#1|M-2#")]
    [InlineData("M-1 2026-12-31T00:00:00Z", "M-1@2026-12-31T00:00:00Z")]
    [InlineData("M-1\t \t2026-12-31T01:00:00.5+01:00 # why", "M-1@2026-12-31T00:00:00.5Z")]
    [InlineData("M-1 2026-12-31 00:00:00Z", "M-1@2026-12-31T00:00:00Z")]
    [InlineData("\"M 1\"\n\"#2\" # no\n\"\\\"3\\\\\" 2026-12-31T00:00:00Z", "\"3\\@2026-12-31T00:00:00Z|#2|M 1")]
    [InlineData("\"\\u0041\"", "A")]
    [InlineData("M-1\nM-1\nM-1", "M-1")]
    [InlineData("Ünï\n😀", "Ünï|😀")]
    [InlineData("M\"1", "M\"1")]
    public void A_text_is_read(string text, string entries) => Assert.Equal(entries, Shown(ListText.Read(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("M-1\nM-2 tomorrow", "line 2: the expiry must be a time with its offset such as 2026-12-31T00:00:00Z; an entry with white space in it stands in double quotes")]
    [InlineData("M-1 2026-13-01T00:00:00Z", "line 1: the expiry must be a time")]
    [InlineData("M-1 2026-12-31T00:00:00", "line 1: the expiry must be a time with its offset")]
    [InlineData("M-1 2026-12-31T00:00:00Z why", "line 1: the expiry must be a time")]
    [InlineData("M-1 2026-12-31T00:00:00Z# why", "line 1: the expiry must be a time")]
    [InlineData("\n\nM\u0001", "line 3: an entry must have 1 to 64 printable characters")]
    [InlineData("\"\"", "line 1: an entry must have 1 to 64 printable characters")]
    [InlineData("\"  \"", "line 1: an entry must have 1 to 64 printable characters")]
    [InlineData("\"a\\nb\"", "line 1: an entry must have 1 to 64 printable characters")]
    [InlineData("\"M 1", "line 1: the closing quote is missing")]
    [InlineData("\"M 1\\\"", "line 1: the closing quote is missing")]
    [InlineData("\"M 1\"x", "line 1: after the closing quote must come white space")]
    [InlineData("\"M\\q1\"", "line 1: within double quotes, \\ must begin an escape")]
    [InlineData("\"\\ud800\"", "line 1: ")]
    [InlineData("M-1\nM-1 2026-12-31T00:00:00Z", "line 2: the entry is given twice, with different expiries")]
    [InlineData("M-1\0", "line 1: an entry must have 1 to 64 printable characters")]
    public void A_wrong_text_is_refused_with_its_line(string text, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<ListFormatException>(() => ListText.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_line() =>
        Assert.Equal("line 2: the text is not UTF-8", Assert.Throws<ListFormatException>(() => ListText.Read([(byte)'a', (byte)'\n', 0xff])).Message);

    [Theory]
    [InlineData("x", 64, true)]
    [InlineData("x", 65, false)]
    [InlineData("é", 64, true)]
    [InlineData("é", 65, false)]
    [InlineData("😀", 64, true)]
    [InlineData("😀", 65, false)]
    public void An_entry_has_at_most_64_characters(string character, int count, bool isTaken)
    {
        var text = string.Concat(Enumerable.Repeat(character, count));
        Assert.Equal(isTaken, new ListEntries().Add(text) is null);
        Assert.Equal(isTaken, new ListEntries().Add($"  {text} ") is null);
    }

    [Fact]
    public void There_are_at_most_a_million_entries()
    {
        var entries = new ListEntries();
        for (var i = 0; i < ListEntries.CountMax; i++)
        {
            Assert.Null(entries.Add($"M-{i}"));
        }

        Assert.Null(entries.Add("M-5"));
        Assert.Equal("there may be at most 1,000,000 entries", entries.Add("one more"));
    }

    /// <summary>No text crashes; one that is refused says a line that it has.</summary>
    [Fact]
    public void Any_text_is_read_or_refused()
    {
        var piece = Gen.Elements("M-1", " ", "\t", "\n", "\r\n", "#", "\"", "\\", "2026-12-31T00:00:00Z", "Z", "\ufeff", "\0", "😀", "\u2028", "\\u00", "\ud800");
        Check.One(Property.Runs(2_000), Prop.ForAll(Arb.From(piece.ArrayOf()), pieces =>
        {
            var text = string.Concat(pieces);
            try
            {
                return ListText.Read(Encoding.UTF8.GetBytes(text)).Expiries.Keys.All(entry => entry == entry.Trim() && entry.Length > 0);
            }
            catch (ListFormatException reason)
            {
                return int.Parse(reason.Message["line ".Length..reason.Message.IndexOf(':', StringComparison.Ordinal)]) <= text.Split('\n').Length;
            }
        }));
    }

    internal static string Shown(ListEntries entries) =>
        string.Join('|', entries.Expiries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value == ListChange.Never ? entry.Key : $"{entry.Key}@{TimestampText.Format(entry.Value)}"));
}
