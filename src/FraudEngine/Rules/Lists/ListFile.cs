using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Rules.Lists;

/// <summary>An entry of a list's file.</summary>
/// <param name="ExpiresTicks">The event time, in UTC ticks, from which on it no longer counts; <see cref="ListChange.Never"/> for never.</param>
public readonly record struct ListFileEntry(string Text, long ExpiresTicks);

/// <summary>
/// A named list as a text file: an entry a line, behind it, after white space, optionally the RFC 3339 time at which it expires. Empty lines and those that
/// begin with <c>#</c> do not count. The file's name without <c>.txt</c> is the list's.
/// </summary>
public static class ListFile
{
    public const string Extension = ".txt";

    /// <summary>The entries, each once: of a text that occurs again the last line counts.</summary>
    /// <param name="fileName">How errors name the file.</param>
    /// <exception cref="InvalidDataException">With the line of the first error.</exception>
    public static IReadOnlyList<ListFileEntry> Read(string text, string fileName)
    {
        var entries = new Dictionary<string, long>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var entry = (number == 1 ? line.TrimStart('\uFEFF') : line).Trim();
            if (!entry.IsEmpty && entry[0] != '#')
            {
                var expires = ReadExpiry(ref entry, fileName, number);
                entries[entry.ToString()] = expires;
            }
        }

        return [.. entries.Select(entry => new ListFileEntry(entry.Key, entry.Value))];
    }

    /// <summary>The list of those entries.</summary>
    public static NamedList ToList(string name, IReadOnlyList<ListFileEntry> entries) =>
        new NamedList(name).With(entries.Select(entry => new ListChange(TextKey.Of(entry.Text), entry.ExpiresTicks)));

    private static long ReadExpiry(ref ReadOnlySpan<char> entry, string fileName, int line)
    {
        var blank = entry.LastIndexOfAny(' ', '\t');
        if (blank < 0 || !LooksLikeTime(entry[(blank + 1)..]))
        {
            return ListChange.Never;
        }

        if (TimestampText.Read(Encoding.UTF8.GetBytes(entry[(blank + 1)..].ToString()), out var ticks) != FieldProblem.None)
        {
            throw new InvalidDataException($"{fileName}:{line}: '{entry[(blank + 1)..]}' must be an RFC 3339 timestamp with its offset, such as 2026-01-31T12:00:00Z.");
        }

        entry = entry[..blank].TrimEnd();
        return ticks;
    }

    /// <summary>A mistake in a time must not make it a part of the entry.</summary>
    private static bool LooksLikeTime(ReadOnlySpan<char> text) =>
        text.Length >= 8 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && char.IsAsciiDigit(text[3]) && text[4] == '-';
}
