namespace FraudEngine.Rules.Syntax;

/// <summary>The tokens of an expression, one looked at ahead.</summary>
internal sealed class TokenReader
{
    private readonly string _text;
    private readonly Lexer _lexer;

    public TokenReader(string text)
    {
        _text = text;
        _lexer = new Lexer(text);
        Current = _lexer.Next();
    }

    public Token Current { get; private set; }

    public TokenKind Kind => Current.Kind;

    public Token Take()
    {
        var taken = Current;
        Current = _lexer.Next();
        return taken;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }

        Take();
        return true;
    }

    public Token Expect(TokenKind kind, string expected) => Kind == kind ? Take() : throw Unexpected(expected);

    public Name TakeName(string expected)
    {
        var place = Expect(TokenKind.Name, expected).Place;
        return new Name(place, _text[place.Start..place.End]);
    }

    public ExpressionException Unexpected(string expected)
    {
        var found = Kind == TokenKind.End ? "the end" : $"'{Excerpt.Of(_text, Current.Place.Start, Current.Place.End)}'";
        var hint = found switch
        {
            "'and'" => "; did you mean '&&'?",
            "'or'" => "; did you mean '||'?",
            _ => "",
        };
        return new ExpressionException(Current.Place, $"expected {expected}, but found {found}{hint}");
    }
}
