using System.Collections.Immutable;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Lists have no values of their own when a rule runs: what is asked of a list is compiled to the same asked of its items.</summary>
internal static class ListCompiler
{
    private const int LeavesMax = 64;
    private const int ItemsMax = 5_000;

    /// <param name="items">One per item of the literal; null where it could not be compiled.</param>
    public static Operand? Literal(ListLiteral list, Operand?[] items, Problems problems)
    {
        var type = ValueType.None;
        var fit = true;
        foreach (var item in items)
        {
            if (item is null)
            {
                fit = false;
            }
            else if (item is ListOperand { Choice: not null })
            {
                fit = false;
                problems.Add(item.Place, "a list in a list must be written out");
            }
            else if (type == ValueType.None)
            {
                type = item.Type;
            }
            else if (item.Type != type)
            {
                fit = false;
                problems.Add(item.Place, $"a list has items of one type: it begins with {ValueTypeText.One(type)}, but this is {ValueTypeText.One(item.Type)}");
            }
        }

        return fit ? Fixed(list.Place, type, [.. items!]) : null;
    }

    /// <summary>Compiles what is asked of a list for each list that it may be.</summary>
    /// <param name="other">The other side of an operator: where it is an error, that goes before a choice that is missing.</param>
    public static Operand? Each(Place place, ListOperand list, Func<ListOperand, Operand?> compile, Operand? other = null)
    {
        if (list.Choice is not { } choice)
        {
            return compile(list);
        }

        var then = Each(place, choice.Then, compile, other);
        var otherwise = Each(place, choice.Otherwise, compile, other);
        var condition = other is null ? choice.Condition : Worsened(choice.Condition, other);
        return then is null || otherwise is null ? null : ConditionalCompiler.Choose(place, condition, then, otherwise);
    }

    public static Operand? Join(Place place, ListOperand left, ListOperand right, Problems problems)
    {
        if (!Fit(place, "'+'", left, right, problems))
        {
            return null;
        }

        var type = left.ItemType == ValueType.None ? right.ItemType : left.ItemType;
        var isTooLong = false;
        var joined = Each(place, left, leftPart => Each(place, right, rightPart =>
        {
            isTooLong |= leftPart.Items.Length + rightPart.Items.Length > ItemsMax;
            return isTooLong ? null : Fixed(place, type, leftPart.Items.AddRange(rightPart.Items));
        }), right);
        return isTooLong ? problems.Reject(place, $"a list has at most {ItemsMax} items") : joined;
    }

    /// <summary>Equal where they have the same length and equal items: an <c>&amp;&amp;</c> of the equalities.</summary>
    public static Operand? Equality(Place place, bool wanted, ListOperand left, ListOperand right, Problems problems)
    {
        if (!Fit(place, wanted ? "'=='" : "'!='", left, right, problems))
        {
            return null;
        }

        var equal = Each(place, left, leftPart => Each(place, right, rightPart => Equal(place, leftPart.Items, rightPart.Items, problems)), right);
        return wanted || equal is not BoolOperand condition ? equal : LogicCompiler.Negate(place, condition);
    }

    public static Operand? Size(Place place, ListOperand list) => Each(place, list, part => NumberOperand.Fixed(place, part.Items.Length));

    public static Operand? At(Syntax.Index index, ListOperand list, Operand at, Problems problems)
    {
        if (at is not NumberOperand { Constant: { } number })
        {
            return problems.Reject(at.Place, at is NumberOperand
                ? "an index must be known when the file is read, as in 0"
                : $"an index is a number, but this is {ValueTypeText.One(at.Type)}");
        }

        return Each(index.Place, list, part =>
        {
            if (number != decimal.Truncate(number) || number < 0 || number >= part.Items.Length)
            {
                return problems.Reject(at.Place, part.Items.Length == 0
                    ? "the list has no items"
                    : $"the list has {part.Items.Length} items, so an index is a whole number from 0 to {part.Items.Length - 1}");
            }

            return part.Items[(int)number] with { Place = index.Place };
        });
    }

    public static ListOperand Choose(Place place, BoolOperand condition, ListOperand then, ListOperand otherwise)
    {
        var type = then.ItemType == ValueType.None ? otherwise.ItemType : then.ItemType;
        var cost = condition.Cost + Math.Max(then.Cost, otherwise.Cost);
        return new ListOperand(place, cost, type, [], new ListChoice(condition, then, otherwise, Leaves(then) + Leaves(otherwise)));
    }

    /// <summary>Whether two lists have items of one type.</summary>
    public static bool HaveOneType(ListOperand left, ListOperand right) =>
        left.ItemType == right.ItemType || left.ItemType == ValueType.None || right.ItemType == ValueType.None;

    private static ListOperand Fixed(Place place, ValueType type, ImmutableArray<Operand> items)
    {
        var cost = 0d;
        foreach (var item in items)
        {
            cost += item.Cost;
        }

        return new ListOperand(place, cost, type, items);
    }

    private static BoolOperand? Equal(Place place, ImmutableArray<Operand> left, ImmutableArray<Operand> right, Problems problems)
    {
        if (left.Length != right.Length)
        {
            return BoolOperand.Fixed(place, false);
        }

        var equalities = new List<BoolOperand>(left.Length);
        for (var i = 0; i < left.Length; i++)
        {
            if (PairCompiler.Comparison(place, ComparisonOperator.Equal, left[i], right[i], problems) is not BoolOperand equality)
            {
                return null;
            }

            equalities.Add(equality);
        }

        return LogicCompiler.Compile(place, LogicalOperator.And, equalities);
    }

    private static BoolOperand Worsened(BoolOperand condition, Operand other)
    {
        var eval = condition.Eval;
        return condition.Constant != Truth.None ? condition : condition with
        {
            Eval = evaluation =>
            {
                var truth = eval(evaluation);
                return truth == Truth.Missing && StatusOf(other, evaluation) == ValueStatus.Error ? Truth.Error : truth;
            },
        };
    }

    /// <summary>Of a list, whether it is known which one it is.</summary>
    private static ValueStatus StatusOf(Operand operand, RuleEvaluation evaluation)
    {
        switch (operand)
        {
            case BoolOperand condition:
                return Truths.StatusOf(condition.Eval(evaluation));
            case NumberOperand number:
                return number.Eval(evaluation, out _);
            case TicksOperand ticks:
                return ticks.Eval(evaluation, out _);
            case TextOperand text:
                return text.Key(evaluation, out _);
            case ListOperand { Choice: { } choice }:
                var truth = choice.Condition.Eval(evaluation);
                return truth > Truth.True ? Truths.StatusOf(truth) : StatusOf(truth == Truth.True ? choice.Then : choice.Otherwise, evaluation);
            default:
                return ValueStatus.Ok;
        }
    }

    private static int Leaves(ListOperand list) => list.Choice?.Leaves ?? 1;

    private static bool Fit(Place place, string what, ListOperand left, ListOperand right, Problems problems)
    {
        if (!HaveOneType(left, right))
        {
            problems.Add(right.Place, $"{what} takes two lists with items of one type, but the left one begins with {ValueTypeText.One(left.ItemType)} and the right one with {ValueTypeText.One(right.ItemType)}");
            return false;
        }

        if (Leaves(left) * Leaves(right) > LeavesMax)
        {
            problems.Add(place, $"these lists are chosen in more than {LeavesMax} ways together");
            return false;
        }

        return true;
    }
}
