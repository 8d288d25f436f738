using System.Collections.Immutable;

namespace FraudEngine.Rules.Syntax;

/// <summary>A node of the syntax tree. Its depth counts nodes down to the deepest leaf, so that whatever walks the tree by recursion is bounded.</summary>
internal abstract record Expression(Place Place, int Depth)
{
    protected static int Above(ImmutableArray<Expression> parts)
    {
        var depth = 0;
        foreach (var part in parts)
        {
            depth = Math.Max(depth, part.Depth);
        }

        return depth + 1;
    }
}

internal sealed record NumberLiteral(Place Place, decimal Value) : Expression(Place, 1);

internal sealed record TextLiteral(Place Place, string Value) : Expression(Place, 1);

internal sealed record BoolLiteral(Place Place, bool Value) : Expression(Place, 1);

internal sealed record DurationLiteral(Place Place, long Ticks) : Expression(Place, 1);

internal sealed record Name(Place Place, string Text) : Expression(Place, 1);

internal sealed record Member(Place Place, Expression Of, Name Part) : Expression(Place, Of.Depth + 1);

/// <param name="Target">What a method is called on, as in <c>merchantId.size()</c>; null for a function.</param>
internal sealed record Call(Place Place, Expression? Target, Name Function, ImmutableArray<Expression> Arguments)
    : Expression(Place, Math.Max(Above(Arguments), (Target?.Depth ?? 0) + 1));

internal sealed record Index(Place Place, Expression Of, Expression At) : Expression(Place, Math.Max(Of.Depth, At.Depth) + 1);

internal sealed record ListLiteral(Place Place, ImmutableArray<Expression> Items) : Expression(Place, Above(Items));

internal sealed record Not(Place Place, Expression Operand) : Expression(Place, Operand.Depth + 1);

internal sealed record Negation(Place Place, Expression Operand) : Expression(Place, Operand.Depth + 1);

internal sealed record Arithmetic(Place Place, ArithmeticOperator Operator, Expression Left, Expression Right)
    : Expression(Place, Math.Max(Left.Depth, Right.Depth) + 1);

internal sealed record Comparison(Place Place, ComparisonOperator Operator, Expression Left, Expression Right)
    : Expression(Place, Math.Max(Left.Depth, Right.Depth) + 1);

internal sealed record Membership(Place Place, Expression Item, Expression List) : Expression(Place, Math.Max(Item.Depth, List.Depth) + 1);

/// <summary>A whole chain of one operator is one node, since <c>&amp;&amp;</c> and <c>||</c> are associative.</summary>
internal sealed record Logic(Place Place, LogicalOperator Operator, ImmutableArray<Expression> Operands) : Expression(Place, Above(Operands));

/// <summary><c>delay 7d</c>, the last argument of a window function.</summary>
internal sealed record Delay(Place Place, Expression Length) : Expression(Place, Length.Depth + 1)
{
    public const string Keyword = "delay";
}

/// <summary><c>condition ? then : otherwise</c>.</summary>
internal sealed record Conditional(Place Place, Expression Condition, Expression Then, Expression Otherwise)
    : Expression(Place, Math.Max(Condition.Depth, Math.Max(Then.Depth, Otherwise.Depth)) + 1);
