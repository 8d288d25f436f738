using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;

namespace FraudEngine.Domain;

/// <summary>
/// A rule's text for the customer, with transaction fields as placeholders: <c>Payment of {amount} {currency}</c>; <c>{{</c> and <c>}}</c> are braces.
/// A text of T characters is rendered with at most T + <see cref="PlaceholdersMax"/> x 64. Immutable.
/// </summary>
public sealed class CustomerText
{
    public const int PlaceholdersMax = 16;

    private readonly ImmutableArray<Piece> _pieces;

    private CustomerText(ImmutableArray<Piece> pieces) => _pieces = pieces;

    /// <summary>Whether it is the same for every transaction.</summary>
    public bool IsFixed => _pieces.All(static piece => piece.Field == TransactionField.None);

    /// <summary>The fields that it names, in its order.</summary>
    public IEnumerable<TransactionField> Fields => _pieces.Where(static piece => piece.Field != TransactionField.None).Select(static piece => piece.Field);

    /// <summary>A text that is taken as it is, braces and all.</summary>
    public static CustomerText Literal(string text) => new([Piece.Of(text)]);

    /// <summary>Whether a text has placeholders or doubled braces, so that it must be parsed.</summary>
    public static bool HasBraces(string text) => text.AsSpan().ContainsAny('{', '}');

    /// <summary>Reads a text with placeholders; null, with what is wrong in <paramref name="problems"/>, where it can't be.</summary>
    public static CustomerText? Parse(string text, List<CustomerTextProblem> problems)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var literal = new StringBuilder();
        var found = problems.Count;
        var placeholders = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c is not ('{' or '}'))
            {
                literal.Append(c);
                at++;
            }
            else if (at + 1 < text.Length && text[at + 1] == c)
            {
                literal.Append(c);
                at += 2;
            }
            else if (c == '}')
            {
                problems.Add(new CustomerTextProblem(at, "a '}' without its '{'; a brace itself is written '}}'"));
                at++;
            }
            else
            {
                at = ReadPlaceholder(text, at, out var field, problems);
                if (field != TransactionField.None)
                {
                    if (++placeholders == PlaceholdersMax + 1)
                    {
                        problems.Add(new CustomerTextProblem(at, $"a text has at most {PlaceholdersMax} placeholders"));
                    }

                    AddLiteral(pieces, literal);
                    pieces.Add(new Piece(field, [], []));
                }
            }
        }

        AddLiteral(pieces, literal);
        return problems.Count > found ? null : new CustomerText(pieces.ToImmutable());
    }

    /// <summary>Writes the text inside a JSON string, escaped. Allocates nothing.</summary>
    public void WriteJson(IBufferWriter<byte> output, Transaction transaction)
    {
        Span<byte> scratch = stackalloc byte[FieldText.TextBytesMax];
        foreach (var piece in _pieces)
        {
            if (piece.Field == TransactionField.None)
            {
                output.Write(piece.Json);
            }
            else
            {
                JsonText.Escaped(output, FieldText.Format(transaction, piece.Field, scratch, FieldWords.English));
            }
        }
    }

    /// <summary>The text for one transaction.</summary>
    /// <param name="words">How the fields are written: as the language of the text has it.</param>
    internal string Render(Transaction transaction, FieldWords words)
    {
        Span<byte> scratch = stackalloc byte[FieldText.TextBytesMax];
        var text = new ArrayBufferWriter<byte>(256);
        foreach (var piece in _pieces)
        {
            text.Write(piece.Field == TransactionField.None ? piece.Utf8 : FieldText.Format(transaction, piece.Field, scratch, words));
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads what begins with a brace and returns the index behind it; where that is wrong, notes it and gives no field.</summary>
    private static int ReadPlaceholder(string text, int at, out TransactionField field, List<CustomerTextProblem> problems)
    {
        field = TransactionField.None;
        var length = text.AsSpan(at + 1).IndexOfAny('{', '}');
        if (length < 0 || text[at + 1 + length] == '{')
        {
            problems.Add(new CustomerTextProblem(at, "a '{' without its '}'; a brace itself is written '{{'"));
            return at + 1;
        }

        var name = text.AsSpan(at + 1, length);
        field = TransactionFieldText.Find(name);
        if (field == TransactionField.None)
        {
            problems.Add(name.IsWhiteSpace()
                ? new CustomerTextProblem(at, "expected the name of a field between the braces, as in {amount}")
                : new CustomerTextProblem(at + 1, "") { UnknownField = name.ToString() });
        }

        return at + length + 2;
    }

    private static void AddLiteral(ImmutableArray<Piece>.Builder pieces, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            pieces.Add(Piece.Of(literal.ToString()));
            literal.Clear();
        }
    }

    /// <param name="Field">None for a literal.</param>
    /// <param name="Json">The literal as it stands in a JSON string.</param>
    private readonly record struct Piece(TransactionField Field, byte[] Utf8, byte[] Json)
    {
        public static Piece Of(string literal) => new(
            TransactionField.None, Encoding.UTF8.GetBytes(literal), Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(literal)));
    }
}

/// <summary>What is wrong with a text for the customer, and at which of its characters.</summary>
public sealed record CustomerTextProblem(int Index, string Message)
{
    /// <summary>The name between braces that is none of a field; null where something else is wrong.</summary>
    public string? UnknownField { get; init; }
}
