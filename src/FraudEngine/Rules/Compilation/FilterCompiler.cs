using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Compiles the conditions that choose the transactions of a window. A history answers them once per transaction and for good, so they ask for nothing but the
/// transaction, and can't fail.
/// </summary>
internal static class FilterCompiler
{
    public const string MayFail = "this could be too large or divide by zero, and a condition on a window's transactions must not fail; % and / by a number of at least 1 are fine";

    public static string NoWindows(string function) => $"a condition on a window's transactions looks at one of them, so it can't use {function}";

    /// <summary>Whether a calculation has a value whatever the fields are.</summary>
    public static bool NeverFails(ArithmeticOperator arithmetic, Operand right, Operand result) => result switch
    {
        NumberOperand { Constant: not null } or TicksOperand { Constant: not null } or TextOperand or ListOperand => true,
        NumberOperand => !OperatorTokens.IsSum(arithmetic) && arithmetic != ArithmeticOperator.Multiply
            && right is NumberOperand { Constant: { } divisor } && decimal.Abs(divisor) >= 1,
        _ => false,
    };

    /// <param name="filter">Null where every transaction passes.</param>
    /// <returns>False, with the problem noted, where it is no filter.</returns>
    public static bool TryCompile(Expression expression, WindowSlots entity, ExpressionCompiler compiler, out EventFilter? filter)
    {
        filter = null;
        var operand = new ExpressionCompiler(compiler.Scope.ForFilter(entity.Kind), compiler.Problems).Compile(expression);
        if (operand is not BoolOperand condition)
        {
            if (operand is not null)
            {
                compiler.Problems.Add(operand.Place, $"expected a condition on the transactions of {entity.Name}, as in channel == \"online\", but this is {ValueTypeText.One(operand.Type)}");
            }

            return false;
        }

        if (condition.Constant != Truth.True)
        {
            filter = new ConditionFilter(ExpressionPrinter.Print(expression, entity.Name), condition.Eval);
            entity.AddFilter(filter, condition.Cost);
        }

        return true;
    }

    private sealed class ConditionFilter(string text, BoolEval condition) : EventFilter(text)
    {
        [ThreadStatic]
        private static RuleEvaluation? _evaluation;

        private static readonly WindowReader NoWindows = new(new WindowPlan(WindowSettings.Default, []));

        public override bool Passes(Domain.Transaction transaction)
        {
            var evaluation = _evaluation ??= new RuleEvaluation();
            evaluation.Begin(transaction, NoWindows, []);
            return condition(evaluation) == Truth.True;
        }
    }
}
