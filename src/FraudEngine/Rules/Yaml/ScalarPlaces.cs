using YamlDotNet.Core;

namespace FraudEngine.Rules.Yaml;

/// <summary>
/// Where each character of a scalar's value stands in the file, found by walking both side by side: indentation, folded line breaks,
/// doubled quotes and escapes stand in the file only. Exact for all but folded white space.
/// </summary>
internal static class ScalarPlaces
{
    /// <summary>For every character of the value its index in the file, and one more for the place behind the last.</summary>
    public static int[] Of(string text, YamlScalar scalar)
    {
        var places = new int[scalar.Value.Length + 1];
        var at = ContentStart(text, scalar);
        var last = at - 1;
        for (var i = 0; i < scalar.Value.Length; i++)
        {
            at = Align(text, at, scalar.Value[i], scalar.Style);
            places[i] = Math.Min(at, text.Length);
            var isLowSurrogateOfEscape = char.IsLowSurrogate(scalar.Value[i]) && at < text.Length && !char.IsLowSurrogate(text[at]);
            if (isLowSurrogateOfEscape)
            {
                places[i] = places[i - 1];
                continue;
            }

            var length = Length(text, at, scalar.Value[i], scalar.Style);
            last = char.IsWhiteSpace(scalar.Value[i]) ? last : at + length - 1;
            at += length;
        }

        places[^1] = Math.Clamp(last + 1, 0, text.Length);
        return places;
    }

    private static int ContentStart(string text, YamlScalar scalar)
    {
        switch (scalar.Style)
        {
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                return scalar.Start + 1;
            case ScalarStyle.Literal or ScalarStyle.Folded:
                var header = text.IndexOfAny(['\n', '\r'], scalar.Start);
                return header < 0 ? text.Length : header;
            default:
                return scalar.Start;
        }
    }

    /// <summary>Where the value's next character stands: <paramref name="at"/>, or behind what the file only has for its layout.</summary>
    private static int Align(string text, int at, char value, ScalarStyle style)
    {
        if (style == ScalarStyle.DoubleQuoted)
        {
            at = SkipContinuation(text, at);
        }

        if (char.IsWhiteSpace(value))
        {
            return at;
        }

        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return style == ScalarStyle.DoubleQuoted ? SkipContinuation(text, at) : at;
    }

    /// <summary>In double quotes a backslash at the end of a line swallows the break and the next line's indentation.</summary>
    private static int SkipContinuation(string text, int at)
    {
        while (at + 1 < text.Length && text[at] == '\\' && text[at + 1] is '\n' or '\r')
        {
            at++;
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        return at;
    }

    /// <summary>How many characters of the file make the value's character.</summary>
    private static int Length(string text, int at, char value, ScalarStyle style)
    {
        if (at >= text.Length)
        {
            return 0;
        }

        if (style == ScalarStyle.DoubleQuoted && text[at] == '\\' && at + 1 < text.Length)
        {
            return text[at + 1] switch
            {
                'x' => 4,
                'u' => 6,
                'U' => 10,
                _ => 2,
            };
        }

        if (style == ScalarStyle.SingleQuoted && value == '\'')
        {
            return 2;
        }

        return char.IsWhiteSpace(value) && !char.IsWhiteSpace(text[at]) ? 0 : 1;
    }
}
