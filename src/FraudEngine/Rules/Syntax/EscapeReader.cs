using System.Globalization;
using System.Text;

namespace FraudEngine.Rules.Syntax;

/// <summary>Gives a text token its value: the characters between its quotes, with CEL's escapes replaced.</summary>
internal static class EscapeReader
{
    public static string Read(string text, Place place)
    {
        var form = TextForm.At(text, place.Start)!.Value;
        var start = place.Start + form.Opening;
        var end = place.End - form.Quotes;
        var inner = text.AsSpan(start, end - start);
        if (form.IsRaw || !inner.Contains('\\'))
        {
            return inner.ToString();
        }

        var value = new StringBuilder(inner.Length);
        for (var at = start; at < end;)
        {
            if (text[at] == '\\')
            {
                at = ReadEscape(text, at, end, value);
            }
            else
            {
                value.Append(text[at++]);
            }
        }

        return value.ToString();
    }

    private static int ReadEscape(string text, int at, int end, StringBuilder value)
    {
        var letter = text[at + 1];
        var plain = letter switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' or '?' or '"' or '\'' or '`' => letter,
            _ => '\0',
        };
        if (plain != '\0')
        {
            value.Append(plain);
            return at + 2;
        }

        return letter switch
        {
            'x' or 'X' => ReadCode(text, at, at + 2, 2, 16, end, value),
            'u' => ReadCode(text, at, at + 2, 4, 16, end, value),
            'U' => ReadCode(text, at, at + 2, 8, 16, end, value),
            >= '0' and <= '3' => ReadCode(text, at, at + 1, 3, 8, end, value),
            _ => throw new ExpressionException(
                new Place(at, Math.Min(at + 2, end)),
                $"'\\{Excerpt.Of(letter.ToString())}' is no escape; a backslash itself is written \\\\"),
        };
    }

    private static int ReadCode(string text, int escape, int at, int digits, int numberBase, int end, StringBuilder value)
    {
        var place = new Place(escape, Math.Min(at + digits, end));
        var code = 0L;
        for (var i = at; i < at + digits; i++)
        {
            var digit = i < end && char.IsAsciiHexDigit(text[i]) ? int.Parse(text.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : numberBase;
            if (digit >= numberBase)
            {
                throw new ExpressionException(place, $"this escape takes {digits} {(numberBase == 16 ? "hexadecimal" : "octal")} digits");
            }

            code = (code * numberBase) + digit;
        }

        if (code > int.MaxValue || !Rune.IsValid((int)code))
        {
            throw new ExpressionException(place, "this escape names no Unicode character");
        }

        value.Append(new Rune((int)code).ToString());
        return at + digits;
    }
}
