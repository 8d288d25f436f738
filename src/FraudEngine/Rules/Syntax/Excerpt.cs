namespace FraudEngine.Rules.Syntax;

/// <summary>A piece of source text as it stands in a message: short and on one line, whatever a file holds.</summary>
internal static class Excerpt
{
    private const int CharactersMax = 40;

    private const int LineCharactersMax = 200;

    public static string Of(string text) => Of(text, 0, text.Length);

    public static string Of(string text, int start, int end) => Cut(text.AsSpan(start, end - start), CharactersMax);

    /// <summary>As <see cref="Of(string)"/>, for a whole sentence.</summary>
    public static string Line(string text) => Cut(text, LineCharactersMax);

    private static string Cut(ReadOnlySpan<char> text, int charactersMax)
    {
        var piece = text[..Math.Min(text.Length, charactersMax)];
        var shown = string.Create(piece.Length, piece, static (characters, piece) =>
        {
            for (var i = 0; i < piece.Length; i++)
            {
                characters[i] = char.IsControl(piece[i]) || char.IsSurrogate(piece[i]) ? '?' : piece[i];
            }
        });
        return text.Length > charactersMax ? shown + "…" : shown;
    }
}
