using System.Globalization;
using System.Text;

namespace FraudEngine.Rules.Patterns;

/// <summary>Reads the characters of a pattern: single ones, escapes, and classes in brackets.</summary>
internal static class PatternClass
{
    /// <param name="at">The place behind the <c>[</c>; then that behind the <c>]</c>.</param>
    public static CharacterSet Parse(string text, ref int at, bool ignoresCase)
    {
        var isNegated = at < text.Length && text[at] == '^';
        at += isNegated ? 1 : 0;
        var parts = new List<CharacterSet>();
        for (var isFirst = true; at < text.Length && (text[at] != ']' || isFirst); isFirst = false)
        {
            parts.Add(TryTakePosix(text, ref at) ?? TryTakeNamed(text, ref at) ?? TakeRange(text, ref at));
        }

        if (at >= text.Length)
        {
            throw new PatternException("a '[' has no ']' behind it");
        }

        at++;
        var set = CharacterSet.Union(parts);
        set = ignoresCase ? set.Fold() : set;
        return isNegated ? set.Negate() : set;
    }

    /// <summary><c>\d</c> and its like, or null.</summary>
    public static CharacterSet? TryTakeNamed(string text, ref int at)
    {
        if (text[at] != '\\' || at + 1 >= text.Length || text[at + 1] is not ('d' or 'D' or 's' or 'S' or 'w' or 'W'))
        {
            return null;
        }

        var letter = text[at + 1];
        at += 2;
        var set = CharacterSet.Named[char.ToLowerInvariant(letter).ToString()];
        return char.IsAsciiLetterUpper(letter) ? set.Negate() : set;
    }

    /// <summary>An escape that stands for one character.</summary>
    public static int TakeEscape(string text, ref int at)
    {
        if (at + 1 >= text.Length)
        {
            throw new PatternException("the pattern ends with a backslash");
        }

        var letter = text[at + 1];
        at += 2;
        switch (letter)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return TakeHexadecimal(text, ref at);
            case >= '1' and <= '9':
                throw new PatternException($"'\\{letter}' refers back to a group, which is not supported");
            case var _ when char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter) && !char.IsControl(letter):
                return letter;
            default:
                throw new PatternException($"'\\{Syntax.Excerpt.Of(letter.ToString())}' is no escape of a pattern");
        }
    }

    public static int TakeRune(string text, ref int at)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune))
        {
            throw new PatternException("the pattern holds half a character");
        }

        at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private static CharacterSet TakeRange(string text, ref int at)
    {
        var first = TakeOne(text, ref at);
        if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] == ']')
        {
            return CharacterSet.Of((first, first));
        }

        at++;
        var last = TakeOne(text, ref at);
        return first <= last ? CharacterSet.Of((first, last)) : throw new PatternException("a range in '[…]' goes from the smaller to the larger character");
    }

    private static int TakeOne(string text, ref int at) => text[at] == '\\' ? TakeEscape(text, ref at) : TakeRune(text, ref at);

    private static CharacterSet? TryTakePosix(string text, ref int at)
    {
        var end = string.CompareOrdinal(text, at, "[:", 0, 2) == 0 ? text.IndexOf(":]", at + 2, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return null;
        }

        var isNegated = text[at + 2] == '^';
        var name = text[(at + (isNegated ? 3 : 2))..end];
        if (name.Length == 1 || !CharacterSet.Named.TryGetValue(name, out var set))
        {
            throw new PatternException($"there is no class '[:{Syntax.Excerpt.Of(name)}:]'{Compilation.NearestName.Hint(name, CharacterSet.Named.Keys.Where(static known => known.Length > 1))}");
        }

        at = end + 2;
        return isNegated ? set.Negate() : set;
    }

    private static int TakeHexadecimal(string text, ref int at)
    {
        var isBraced = at < text.Length && text[at] == '{';
        var start = isBraced ? at + 1 : at;
        var end = isBraced ? text.IndexOf('}', start) : Math.Min(start + 2, text.Length);
        if (end < 0 || end - start is < 1 or > 6 || (!isBraced && end - start != 2)
            || !int.TryParse(text.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            throw new PatternException("'\\x' takes two hexadecimal digits, or up to six in braces, that name a Unicode character");
        }

        at = isBraced ? end + 1 : end;
        return code;
    }
}
