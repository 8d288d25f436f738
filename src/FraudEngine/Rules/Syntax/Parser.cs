using System.Collections.Immutable;

namespace FraudEngine.Rules.Syntax;

/// <summary>
/// Recursive descent over CEL's grammar, lowest precedence first: <c>? :</c>, <c>||</c>, <c>&amp;&amp;</c>, relations and <c>in</c>,
/// <c>+ -</c>, <c>* / %</c>, unary <c>! -</c>,
/// members, methods and indices. Stops at the first error.
/// </summary>
internal sealed class Parser
{
    /// <summary>How deep parentheses and the tree may go: recursion can't exhaust the stack, whatever a file holds.</summary>
    public const int DepthMax = 100;

    private readonly string _text;
    private readonly TokenReader _tokens;
    private int _depth;

    private Parser(string text)
    {
        _text = text;
        _tokens = new TokenReader(text);
    }

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static Expression Parse(string text)
    {
        var parser = new Parser(text);
        var expression = parser.ParseExpression();
        return parser._tokens.Kind == TokenKind.End ? expression : throw parser._tokens.Unexpected("an operator or the end");
    }

    private Expression ParseExpression()
    {
        var condition = ParseOr();
        if (_tokens.Kind != TokenKind.Question)
        {
            return condition;
        }

        Open();
        var then = ParseOr();
        _tokens.Expect(TokenKind.Colon, "':' and what holds otherwise");
        var otherwise = ParseExpression();
        _depth--;
        return Bounded(new Conditional(condition.Place.To(otherwise.Place), condition, then, otherwise));
    }

    private Expression ParseOr() => ParseChain(TokenKind.Or, LogicalOperator.Or, static parser => parser.ParseAnd());

    private Expression ParseAnd() => ParseChain(TokenKind.And, LogicalOperator.And, static parser => parser.ParseRelation());

    private Expression ParseChain(TokenKind between, LogicalOperator logicalOperator, Func<Parser, Expression> parseOperand)
    {
        var first = parseOperand(this);
        if (_tokens.Kind != between)
        {
            return first;
        }

        var operands = ImmutableArray.CreateBuilder<Expression>();
        operands.Add(first);
        while (_tokens.TryTake(between))
        {
            operands.Add(parseOperand(this));
        }

        return Bounded(new Logic(first.Place.To(operands[^1].Place), logicalOperator, operands.ToImmutable()));
    }

    private Expression ParseRelation()
    {
        var left = ParseSum();
        while (true)
        {
            if (_tokens.TryTake(TokenKind.In))
            {
                var list = ParseSum();
                left = Bounded(new Membership(left.Place.To(list.Place), left, list));
            }
            else if (OperatorTokens.Comparison(_tokens.Kind) is var comparison and not ComparisonOperator.None)
            {
                _tokens.Take();
                var right = ParseSum();
                left = Bounded(new Comparison(left.Place.To(right.Place), comparison, left, right));
            }
            else
            {
                return left;
            }
        }
    }

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (OperatorTokens.Sum(_tokens.Kind) is var sum and not ArithmeticOperator.None)
        {
            _tokens.Take();
            var right = ParseProduct();
            left = Bounded(new Arithmetic(left.Place.To(right.Place), sum, left, right));
        }

        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParseUnary();
        while (OperatorTokens.Product(_tokens.Kind) is var product and not ArithmeticOperator.None)
        {
            _tokens.Take();
            var right = ParseUnary();
            left = Bounded(new Arithmetic(left.Place.To(right.Place), product, left, right));
        }

        return left;
    }

    private Expression ParseUnary()
    {
        if (_tokens.Kind is not (TokenKind.Not or TokenKind.Minus))
        {
            return ParseMember();
        }

        if (++_depth > DepthMax)
        {
            throw TooDeep(_tokens.Current.Place);
        }

        var sign = _tokens.Take();
        var operand = ParseUnary();
        _depth--;
        var place = sign.Place.To(operand.Place);
        return Bounded<Expression>(sign.Kind == TokenKind.Not ? new Not(place, operand) : new Negation(place, operand));
    }

    private Expression ParseMember()
    {
        var expression = ParsePrimary();
        while (true)
        {
            if (_tokens.TryTake(TokenKind.Dot))
            {
                var part = _tokens.TakeName("the name of a field or a method after the point");
                expression = _tokens.Kind == TokenKind.OpenParenthesis
                    ? ParseCall(expression, part)
                    : Bounded(new Member(expression.Place.To(part.Place), expression, part));
            }
            else if (_tokens.Kind == TokenKind.OpenBracket)
            {
                Open();
                var at = ParseExpression();
                var close = _tokens.Expect(TokenKind.CloseBracket, "']' or an operator");
                _depth--;
                expression = Bounded(new Index(expression.Place.To(close.Place), expression, at));
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParsePrimary()
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberLiteral(_tokens.Take().Place, LiteralReader.Number(_text, token.Place));
            case TokenKind.Duration:
                return new DurationLiteral(_tokens.Take().Place, LiteralReader.Duration(_text, token.Place));
            case TokenKind.Text:
                return new TextLiteral(_tokens.Take().Place, EscapeReader.Read(_text, token.Place));
            case TokenKind.True or TokenKind.False:
                return new BoolLiteral(_tokens.Take().Place, token.Kind == TokenKind.True);
            case TokenKind.Name:
                var name = _tokens.TakeName("a name");
                return _tokens.Kind == TokenKind.OpenParenthesis ? ParseCall(null, name) : name;
            case TokenKind.OpenBracket:
                var items = ParseItems(TokenKind.CloseBracket, "']' or ','", out var end);
                return Bounded(new ListLiteral(token.Place.To(end), items));
            case TokenKind.OpenParenthesis:
                return ParseParentheses();
            default:
                throw _tokens.Unexpected("a value");
        }
    }

    private Call ParseCall(Expression? target, Name name)
    {
        var arguments = ParseItems(TokenKind.CloseParenthesis, "')' or ','", out var end);
        return Bounded(new Call((target ?? name).Place.To(end), target, name, arguments));
    }

    private Expression ParseParentheses()
    {
        var open = Open();
        var inner = ParseExpression();
        var close = _tokens.Expect(TokenKind.CloseParenthesis, "')' or an operator");
        _depth--;
        return inner with { Place = open.Place.To(close.Place) };
    }

    private ImmutableArray<Expression> ParseItems(TokenKind closing, string expected, out Place end)
    {
        Open();
        var items = ImmutableArray.CreateBuilder<Expression>();
        while (_tokens.Kind != closing)
        {
            var item = ParseExpression();
            items.Add(closing == TokenKind.CloseParenthesis && IsDelay(item) ? ParseDelay(item) : item);
            if (!_tokens.TryTake(TokenKind.Comma))
            {
                break;
            }

            if (_tokens.Kind == TokenKind.CloseParenthesis)
            {
                throw _tokens.Unexpected("a value: only a list may end with a comma");
            }
        }

        end = _tokens.Expect(closing, expected).Place;
        _depth--;
        return items.ToImmutable();
    }

    /// <summary>Whether a name was the word before a length: a name is what it says elsewhere.</summary>
    private bool IsDelay(Expression item) =>
        item is Name { Text: Delay.Keyword } && item.Place.End - item.Place.Start == Delay.Keyword.Length
        && _tokens.Kind is TokenKind.Duration or TokenKind.Name or TokenKind.Number or TokenKind.Text;

    private Delay ParseDelay(Expression word)
    {
        var length = ParsePrimary();
        return Bounded(new Delay(word.Place.To(length.Place), length));
    }

    private Token Open() => ++_depth > DepthMax ? throw TooDeep(_tokens.Current.Place) : _tokens.Take();

    private static T Bounded<T>(T expression)
        where T : Expression => expression.Depth > DepthMax ? throw TooDeep(expression.Place) : expression;

    private static ExpressionException TooDeep(Place place) => new(place, $"the expression goes deeper than {DepthMax} levels here");
}
