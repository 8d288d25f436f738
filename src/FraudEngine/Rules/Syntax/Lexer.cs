using System.Buffers;

namespace FraudEngine.Rules.Syntax;

/// <summary>Cuts an expression into tokens. White space and comments (<c>//</c> to the end of the line) stand between them.</summary>
internal sealed class Lexer(string text)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private int _at;

    /// <summary>The next token; at the end, End again and again.</summary>
    public Token Next()
    {
        SkipSpace();
        var start = _at;
        if (start == text.Length)
        {
            return new Token(TokenKind.End, new Place(start, start));
        }

        var c = text[start];
        if (TextForm.At(text, start) is { } form)
        {
            _at = form.SkipFrom(text, start);
            return Make(TokenKind.Text, start);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            SkipWord();
            return Make(WordKind(text.AsSpan(start, _at - start)), start);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Make(SkipNumber(), start);
        }

        var (kind, length) = Symbol(c, Peek(1));
        _at += length;
        if (kind == TokenKind.None)
        {
            throw new ExpressionException(new Place(start, start + 1), UnknownCharacter(c));
        }

        return Make(kind, start);
    }

    private static TokenKind WordKind(ReadOnlySpan<char> word) => word switch
    {
        "true" => TokenKind.True,
        "false" => TokenKind.False,
        "in" => TokenKind.In,
        _ => TokenKind.Name,
    };

    private static (TokenKind Kind, int Length) Symbol(char c, char next) => (c, next) switch
    {
        ('&', '&') => (TokenKind.And, 2),
        ('|', '|') => (TokenKind.Or, 2),
        ('=', '=') => (TokenKind.Equal, 2),
        ('!', '=') => (TokenKind.NotEqual, 2),
        ('<', '=') => (TokenKind.LessOrEqual, 2),
        ('>', '=') => (TokenKind.GreaterOrEqual, 2),
        ('!', _) => (TokenKind.Not, 1),
        ('<', _) => (TokenKind.Less, 1),
        ('>', _) => (TokenKind.Greater, 1),
        ('(', _) => (TokenKind.OpenParenthesis, 1),
        (')', _) => (TokenKind.CloseParenthesis, 1),
        ('[', _) => (TokenKind.OpenBracket, 1),
        (']', _) => (TokenKind.CloseBracket, 1),
        (',', _) => (TokenKind.Comma, 1),
        ('.', _) => (TokenKind.Dot, 1),
        ('?', _) => (TokenKind.Question, 1),
        (':', _) => (TokenKind.Colon, 1),
        ('+', _) => (TokenKind.Plus, 1),
        ('-', _) => (TokenKind.Minus, 1),
        ('*', _) => (TokenKind.Times, 1),
        ('/', _) => (TokenKind.Divide, 1),
        ('%', _) => (TokenKind.Modulo, 1),
        _ => (TokenKind.None, 1),
    };

    private static string UnknownCharacter(char c) => c switch
    {
        '=' => "'=' is no operator; did you mean '=='?",
        '&' => "'&' is no operator; did you mean '&&'?",
        '|' => "'|' is no operator; did you mean '||'?",
        _ when char.IsControl(c) || char.IsSurrogate(c) => $"the character U+{(int)c:X4} is not part of the rule language",
        _ => $"'{c}' is not part of the rule language",
    };

    private Token Make(TokenKind kind, int start) => new(kind, new Place(start, _at));

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void SkipSpace()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                _at++;
            }
            else if (text[_at] == '/' && Peek(1) == '/')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipWord()
    {
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) == '_')
        {
            _at++;
        }
    }

    private TokenKind SkipNumber()
    {
        var start = _at;
        if (Peek(0) == '0' && Peek(1) is 'x' or 'X')
        {
            SkipWord();
            return _at - start > 2 && text.AsSpan(start + 2, _at - start - 2).IndexOfAnyExcept(HexDigits) < 0 ? TokenKind.Number : throw NoNumber(start);
        }

        SkipDigits();
        var isWhole = true;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isWhole = false;
            _at++;
            SkipDigits();
        }

        SkipExponent();
        var suffix = _at;
        SkipWord();
        if (suffix == _at)
        {
            return TokenKind.Number;
        }

        return isWhole && _at - suffix == 1 && text[suffix] is 's' or 'm' or 'h' or 'd' ? TokenKind.Duration : throw NoNumber(start);
    }

    private void SkipExponent()
    {
        var sign = Peek(1) is '+' or '-' ? 1 : 0;
        if (Peek(0) is 'e' or 'E' && char.IsAsciiDigit(Peek(1 + sign)))
        {
            _at += 1 + sign;
            SkipDigits();
        }
    }

    private ExpressionException NoNumber(int start) => new(
        new Place(start, _at),
        $"'{Excerpt.Of(text, start, _at)}' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)");

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0)))
        {
            _at++;
        }
    }
}
