using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>The name <c>chosen</c>, in the conditions of activity rules: what the customer has chosen.</summary>
internal static class ChosenName
{
    public const string Text = "chosen";

    /// <summary>Whether a name means it. Elsewhere it is a name like any other.</summary>
    public static bool Is(Name name, Scope scope) => name.Text == Text && scope.Chosen is not null;

    public static Operand? Compile(Name name, ExpressionCompiler compiler)
    {
        if (compiler.Scope.IsFilter)
        {
            return compiler.Problems.Reject(
                name.Place, "a condition on a window's transactions is the same for all customers, so it can't use chosen; compare what the window says with it");
        }

        return compiler.Scope.Chosen switch
        {
            ActivityChoice.Number => new NumberOperand(name.Place, Costs.Field, Number),
            ActivityChoice.Text => new TextOperand(name.Place, Costs.Field, Key, Bytes, null, TransactionField.None),
            ActivityChoice.None or null => compiler.Problems.Reject(name.Place, "the customer chooses nothing here: chosen needs 'takes: number' or 'takes: text'"),
        };
    }

    private static ValueStatus Number(RuleEvaluation evaluation, out decimal value)
    {
        value = evaluation.Chosen?.Number ?? 0;
        return evaluation.Chosen?.Number is null ? ValueStatus.Missing : ValueStatus.Ok;
    }

    private static ValueStatus Key(RuleEvaluation evaluation, out TextKey key)
    {
        key = evaluation.Chosen?.Key ?? default;
        return key.IsNone ? ValueStatus.Missing : ValueStatus.Ok;
    }

    private static ValueStatus Bytes(RuleEvaluation evaluation, out ReadOnlySpan<byte> text)
    {
        text = evaluation.Chosen?.Utf8;
        return text.IsEmpty ? ValueStatus.Missing : ValueStatus.Ok;
    }
}
