namespace FraudEngine.Rules.Syntax;

/// <summary>
/// How a text literal is written: between single or double quotes, one on each side or three; raw, with an <c>r</c> before it, where a
/// backslash is a backslash. Only between three quotes it goes over several lines.
/// </summary>
internal readonly record struct TextForm(char Quote, int Quotes, bool IsRaw)
{
    /// <summary>Characters before the value.</summary>
    public int Opening => Quotes + (IsRaw ? 1 : 0);

    /// <summary>The form of the literal that begins here, or null.</summary>
    public static TextForm? At(string text, int at)
    {
        var isRaw = text[at] is 'r' or 'R' && at + 1 < text.Length && text[at + 1] is '"' or '\'';
        if (!isRaw && text[at] is 'b' or 'B' && at + 1 < text.Length && text[at + 1] is '"' or '\'')
        {
            throw new ExpressionException(new Place(at, at + 1), "bytes (b\"…\") are not part of the rule language; a text has no letter before it, or an r");
        }

        var first = isRaw ? at + 1 : at;
        var quote = text[first];
        if (quote is not ('"' or '\''))
        {
            return null;
        }

        var isTriple = first + 2 < text.Length && text[first + 1] == quote && text[first + 2] == quote;
        return new TextForm(quote, isTriple ? 3 : 1, isRaw);
    }

    /// <summary>The place behind the literal.</summary>
    public int SkipFrom(string text, int start)
    {
        var at = start + Opening;
        while (at < text.Length && !IsClosedAt(text, at) && (Quotes == 3 || text[at] is not ('\n' or '\r')))
        {
            at += text[at] == '\\' && !IsRaw ? 2 : 1;
        }

        if (at >= text.Length || !IsClosedAt(text, at))
        {
            var closing = new string(Quote, Quotes);
            throw new ExpressionException(new Place(start, text.Length), $"the text that begins here has no closing {closing}{(Quotes == 3 ? "" : " on its line")}");
        }

        return at + Quotes;
    }

    private bool IsClosedAt(string text, int at) =>
        text[at] == Quote && (Quotes == 1 || (at + 2 < text.Length && text[at + 1] == Quote && text[at + 2] == Quote));
}
