using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Arithmetic in decimal numbers. Division by zero and a result out of range give Error.</summary>
internal static class ArithmeticCompiler
{
    private delegate bool Calculation(decimal left, decimal right, out decimal value);

    public static Operand? Compile(Place place, ArithmeticOperator arithmetic, NumberOperand left, NumberOperand right, Problems problems)
    {
        if (right.Constant == 0 && arithmetic is ArithmeticOperator.Divide or ArithmeticOperator.Modulo)
        {
            return problems.Reject(place, "this divides by zero");
        }

        var calculation = Of(arithmetic);
        if (left.Constant is { } leftConstant && right.Constant is { } rightConstant)
        {
            return calculation(leftConstant, rightConstant, out var constant)
                ? NumberOperand.Fixed(place, constant)
                : problems.Reject(place, "the result of this is too large");
        }

        return new NumberOperand(place, left.Cost + right.Cost + CostOf(arithmetic), Eval(calculation, left.Eval, right.Eval));
    }

    public static NumberOperand Negate(Place place, NumberOperand operand)
    {
        if (operand.Constant is { } constant)
        {
            return NumberOperand.Fixed(place, -constant);
        }

        var inner = operand.Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            var status = inner(evaluation, out value);
            value = -value;
            return status;
        }

        return new NumberOperand(place, operand.Cost + Costs.Operation, Eval);
    }

    private static NumberEval Eval(Calculation calculation, NumberEval left, NumberEval right)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftValue), right(evaluation, out var rightValue));
            if (status != ValueStatus.Ok)
            {
                value = 0;
                return status;
            }

            return calculation(leftValue, rightValue, out value) ? ValueStatus.Ok : ValueStatus.Error;
        }

        return Eval;
    }

    private static Calculation Of(ArithmeticOperator arithmetic) => arithmetic switch
    {
        ArithmeticOperator.Add => static (left, right, out value) => DecimalArithmetic.TryAdd(left, right, out value),
        ArithmeticOperator.Subtract => static (left, right, out value) => DecimalArithmetic.TryAdd(left, -right, out value),
        ArithmeticOperator.Multiply => static (left, right, out value) => DecimalArithmetic.TryMultiply(left, right, out value),
        ArithmeticOperator.Divide => static (left, right, out value) => DecimalArithmetic.TryDivide(left, right, out value),
        ArithmeticOperator.Modulo => static (left, right, out value) => DecimalArithmetic.TryModulo(left, right, out value),
        ArithmeticOperator.None => throw new ArgumentOutOfRangeException(nameof(arithmetic)),
    };

    private static int CostOf(ArithmeticOperator arithmetic) => arithmetic switch
    {
        ArithmeticOperator.Multiply => Costs.Multiplication,
        ArithmeticOperator.Divide or ArithmeticOperator.Modulo => Costs.Division,
        ArithmeticOperator.Add or ArithmeticOperator.Subtract => Costs.Operation,
        ArithmeticOperator.None => throw new ArgumentOutOfRangeException(nameof(arithmetic)),
    };
}
