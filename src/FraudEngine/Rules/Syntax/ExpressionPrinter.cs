using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FraudEngine.Rules.Syntax;

/// <summary>
/// Writes a syntax tree in its one canonical form: single spaces, double quotes, the shortest numbers, no parentheses that are not needed.
/// Parsing what is printed gives the same tree, so that two trees print the same exactly where they are the same.
/// </summary>
internal sealed class ExpressionPrinter
{
    private readonly StringBuilder _text = new();

    private readonly string? _prefix;

    private ExpressionPrinter(string? prefix) => _prefix = prefix;

    /// <param name="prefix">A name that is left out before a point: with <c>account</c>, <c>account.country</c> is <c>country</c>.</param>
    public static string Print(Expression expression, string? prefix = null)
    {
        var printer = new ExpressionPrinter(prefix);
        printer.Write(expression, Level.Conditional);
        return printer._text.ToString();
    }

    /// <summary>How strongly an expression holds together, as in CEL's grammar.</summary>
    private enum Level : byte
    {
        None,
        Conditional,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    private static Level LevelOf(Expression expression) => expression switch
    {
        Conditional => Level.Conditional,
        Logic logic => logic.Operator == LogicalOperator.Or ? Level.Or : Level.And,
        Comparison or Membership => Level.Relation,
        Arithmetic arithmetic => OperatorTokens.IsSum(arithmetic.Operator) ? Level.Sum : Level.Product,
        Not or Negation => Level.Unary,
        _ => Level.Member,
    };

    private void Write(Expression expression, Level least)
    {
        var level = LevelOf(expression);
        if (level >= least)
        {
            WriteBare(expression, level);
            return;
        }

        _text.Append('(');
        WriteBare(expression, level);
        _text.Append(')');
    }

    private void WriteBare(Expression expression, Level level)
    {
        switch (expression)
        {
            case NumberLiteral number:
                _text.Append(NumberText.Of(number.Value));
                break;
            case TextLiteral text:
                WriteText(text.Value);
                break;
            case BoolLiteral truth:
                _text.Append(truth.Value ? "true" : "false");
                break;
            case DurationLiteral duration:
                _text.Append(DurationText.Of(duration.Ticks));
                break;
            case Name name:
                _text.Append(name.Text);
                break;
            case Member { Of: Name of } member when of.Text == _prefix:
                _text.Append(member.Part.Text);
                break;
            case Member member:
                Write(member.Of, Level.Member);
                _text.Append('.').Append(member.Part.Text);
                break;
            case Index index:
                Write(index.Of, Level.Member);
                _text.Append('[');
                Write(index.At, Level.Conditional);
                _text.Append(']');
                break;
            case Call call:
                WriteCall(call);
                break;
            case ListLiteral list:
                WriteItems('[', list.Items, ']');
                break;
            case Not not:
                _text.Append('!');
                Write(not.Operand, Level.Unary);
                break;
            case Negation negation:
                _text.Append('-');
                Write(negation.Operand, Level.Unary);
                break;
            case Arithmetic arithmetic:
                WritePair(arithmetic.Left, OperatorText.Of(arithmetic.Operator), arithmetic.Right, level);
                break;
            case Comparison comparison:
                WritePair(comparison.Left, OperatorText.Of(comparison.Operator), comparison.Right, level);
                break;
            case Membership membership:
                WritePair(membership.Item, "in", membership.List, level);
                break;
            case Logic logic:
                WriteChain(logic, level);
                break;
            case Delay delay:
                _text.Append(Delay.Keyword).Append(' ');
                Write(delay.Length, Level.Member);
                break;
            case Conditional conditional:
                Write(conditional.Condition, Level.Or);
                _text.Append(" ? ");
                Write(conditional.Then, Level.Or);
                _text.Append(" : ");
                Write(conditional.Otherwise, Level.Conditional);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(expression));
        }
    }

    /// <summary>Binary operators join from the left.</summary>
    private void WritePair(Expression left, string sign, Expression right, Level level)
    {
        Write(left, level);
        _text.Append(' ').Append(sign).Append(' ');
        Write(right, level + 1);
    }

    /// <summary>A chain inside a chain of the same operator stood in parentheses.</summary>
    private void WriteChain(Logic logic, Level level)
    {
        for (var i = 0; i < logic.Operands.Length; i++)
        {
            _text.Append(i == 0 ? "" : logic.Operator == LogicalOperator.Or ? " || " : " && ");
            Write(logic.Operands[i], level + 1);
        }
    }

    private void WriteCall(Call call)
    {
        if (call.Target is not null)
        {
            Write(call.Target, Level.Member);
            _text.Append('.');
        }

        _text.Append(call.Function.Text);
        WriteItems('(', call.Arguments, ')');
    }

    private void WriteItems(char opening, ImmutableArray<Expression> items, char closing)
    {
        _text.Append(opening);
        for (var i = 0; i < items.Length; i++)
        {
            _text.Append(i == 0 ? "" : ", ");
            Write(items[i], Level.Conditional);
        }

        _text.Append(closing);
    }

    private void WriteText(string value)
    {
        _text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                _text.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                _text.Append(c);
            }
        }

        _text.Append('"');
    }
}
