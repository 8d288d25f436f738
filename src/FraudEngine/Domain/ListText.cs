using System.Text;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>
/// A list as text: one entry per line, then, after white space, its expiry where it has one. An entry with white space in it, or that begins with
/// <c>#</c> or <c>"</c>, stands in double quotes, as in JSON. What begins with <c>#</c> is a comment, on a line of its own or behind white space.
/// </summary>
public static class ListText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads UTF-8 text. Throws <see cref="ListFormatException"/> with the first error.</summary>
    public static ListEntries Read(ReadOnlySpan<byte> utf8)
    {
        var entries = new ListEntries();
        var line = 0;
        foreach (var range in utf8.Split((byte)'\n'))
        {
            line++;
            var text = Decode(utf8[range], line).AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
            {
                continue;
            }

            var (entry, rest) = text[0] == '"' ? ReadQuoted(text, line) : ReadPlain(text);
            if (entries.Add(entry, Expiry(rest)) is { } problem)
            {
                throw Wrong(line, rest.IsEmpty ? problem : $"{problem}; an entry with white space in it stands in double quotes");
            }
        }

        return entries;
    }

    private static string Decode(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            // A byte order mark at the very beginning is no part of the first entry.
            var text = Strict.GetString(line);
            return number == 1 ? text.TrimStart('\ufeff') : text;
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(number, "the text is not UTF-8");
        }
    }

    private static EntryAndRest ReadPlain(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return new EntryAndRest(text[..end].ToString(), text[end..].Trim());
    }

    private static EntryAndRest ReadQuoted(ReadOnlySpan<char> text, int line)
    {
        for (var end = 1; end < text.Length; end++)
        {
            if (text[end] == '"')
            {
                if (end + 1 < text.Length && !char.IsWhiteSpace(text[end + 1]))
                {
                    throw Wrong(line, "after the closing quote must come white space");
                }

                return new EntryAndRest(Unescape(text[..(end + 1)], line), text[(end + 1)..].Trim());
            }

            end += text[end] == '\\' ? 1 : 0;
        }

        throw Wrong(line, "the closing quote is missing");
    }

    private static string Unescape(ReadOnlySpan<char> quoted, int line)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(quoted)!;
        }
        catch (JsonException)
        {
            throw Wrong(line, "within double quotes, \\ must begin an escape as in JSON, such as \\\" or \\\\");
        }
    }

    private static string? Expiry(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] == '#')
        {
            return null;
        }

        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '#' && char.IsWhiteSpace(rest[i - 1]))
            {
                return rest[..i].TrimEnd().ToString();
            }
        }

        return rest.ToString();
    }

    private static ListFormatException Wrong(int line, string reason) => new($"line {line}: {reason}");

    private readonly ref struct EntryAndRest(string entry, ReadOnlySpan<char> rest)
    {
        private readonly ReadOnlySpan<char> _rest = rest;

        public void Deconstruct(out string entryText, out ReadOnlySpan<char> restOfLine)
        {
            entryText = entry;
            restOfLine = _rest;
        }
    }
}
