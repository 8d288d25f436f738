using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// <c>c ? a : b</c> is what the chosen side is; the other one is not evaluated. Where the condition is missing or an error, so is the whole.
/// </summary>
internal static class ConditionalCompiler
{
    public static Operand? Compile(Conditional conditional, Operand condition, Operand then, Operand otherwise, Problems problems)
    {
        if (condition is not BoolOperand boolCondition)
        {
            return problems.Reject(condition.Place, $"before '?' stands a condition, but this is {ValueTypeText.One(condition.Type)}");
        }

        if (then.Type != otherwise.Type)
        {
            return problems.Reject(otherwise.Place, $"both sides of ':' are of one type: the left one is {ValueTypeText.One(then.Type)}, but this is {ValueTypeText.One(otherwise.Type)}");
        }

        if (then is ListOperand thenList && otherwise is ListOperand otherwiseList && !ListCompiler.HaveOneType(thenList, otherwiseList))
        {
            return problems.Reject(
                otherwise.Place,
                $"both sides of ':' are of one type: the left list begins with {ValueTypeText.One(thenList.ItemType)}, but this one with {ValueTypeText.One(otherwiseList.ItemType)}");
        }

        return Choose(conditional.Place, boolCondition, then, otherwise);
    }

    /// <summary>Both sides must be of one type.</summary>
    public static Operand Choose(Place place, BoolOperand condition, Operand then, Operand otherwise)
    {
        if (condition.Constant != Truth.None)
        {
            return (condition.Constant == Truth.True ? then : otherwise) with { Place = place };
        }

        var cost = condition.Cost + Math.Max(then.Cost, otherwise.Cost) + Costs.Operation;
        return (then, otherwise) switch
        {
            (BoolOperand a, BoolOperand b) => new BoolOperand(place, cost, Conditions(condition.Eval, a.Eval, b.Eval)),
            (NumberOperand a, NumberOperand b) => new NumberOperand(place, cost, Numbers(condition.Eval, a.Eval, b.Eval)),
            (TicksOperand a, TicksOperand b) => new TicksOperand(then.Type, place, cost, Ticks(condition.Eval, a.Eval, b.Eval)),
            (TextOperand a, TextOperand b) => Texts(place, cost, condition.Eval, a, b),
            (ListOperand a, ListOperand b) => ListCompiler.Choose(place, condition, a, b),
            _ => throw new ArgumentOutOfRangeException(nameof(otherwise)),
        };
    }

    private static BoolEval Conditions(BoolEval condition, BoolEval then, BoolEval otherwise) => evaluation =>
    {
        var truth = condition(evaluation);
        return truth > Truth.True ? truth : truth == Truth.True ? then(evaluation) : otherwise(evaluation);
    };

    private static NumberEval Numbers(BoolEval condition, NumberEval then, NumberEval otherwise)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            value = 0;
            var truth = condition(evaluation);
            return truth > Truth.True ? Truths.StatusOf(truth) : truth == Truth.True ? then(evaluation, out value) : otherwise(evaluation, out value);
        }

        return Eval;
    }

    private static TicksEval Ticks(BoolEval condition, TicksEval then, TicksEval otherwise)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            ticks = 0;
            var truth = condition(evaluation);
            return truth > Truth.True ? Truths.StatusOf(truth) : truth == Truth.True ? then(evaluation, out ticks) : otherwise(evaluation, out ticks);
        }

        return Eval;
    }

    private static TextOperand Texts(Place place, double cost, BoolEval condition, TextOperand then, TextOperand otherwise)
    {
        ValueStatus Key(RuleEvaluation evaluation, out TextKey key)
        {
            key = default;
            var truth = condition(evaluation);
            return truth > Truth.True ? Truths.StatusOf(truth) : truth == Truth.True ? then.Key(evaluation, out key) : otherwise.Key(evaluation, out key);
        }

        ValueStatus Bytes(RuleEvaluation evaluation, out ReadOnlySpan<byte> text)
        {
            text = default;
            var truth = condition(evaluation);
            return truth > Truth.True ? Truths.StatusOf(truth) : truth == Truth.True ? then.Bytes!(evaluation, out text) : otherwise.Bytes!(evaluation, out text);
        }

        var field = then.Field == otherwise.Field ? then.Field : TransactionField.None;
        return new TextOperand(place, cost, Key, then.Bytes is null || otherwise.Bytes is null ? null : Bytes, null, field);
    }
}
