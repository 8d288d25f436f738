using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Arithmetic of timestamps and durations. A result out of range gives Error.</summary>
internal static class TicksCompiler
{
    /// <summary>The type of the sum or difference, or None where there is none.</summary>
    public static ValueType Type(ArithmeticOperator arithmetic, ValueType left, ValueType right) => (arithmetic, left, right) switch
    {
        (ArithmeticOperator.Subtract, ValueType.Timestamp, ValueType.Timestamp) => ValueType.Duration,
        (ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueType.Timestamp, ValueType.Duration) => ValueType.Timestamp,
        (ArithmeticOperator.Add, ValueType.Duration, ValueType.Timestamp) => ValueType.Timestamp,
        (ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueType.Duration, ValueType.Duration) => ValueType.Duration,
        _ => ValueType.None,
    };

    public static Operand? Compile(Place place, ArithmeticOperator arithmetic, ValueType type, TicksOperand leftOperand, TicksOperand rightOperand, Problems problems)
    {
        var sign = arithmetic == ArithmeticOperator.Add ? 1 : -1;
        if (leftOperand.Constant is { } leftConstant && rightOperand.Constant is { } rightConstant)
        {
            return TryAdd(type, leftConstant, sign, rightConstant, out var constant)
                ? TicksOperand.Fixed(type, place, constant)
                : problems.Reject(place, "the result of this is out of range");
        }

        var (left, right) = (leftOperand.Eval, rightOperand.Eval);
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftTicks), right(evaluation, out var rightTicks));
            ticks = 0;
            return status != ValueStatus.Ok || TryAdd(type, leftTicks, sign, rightTicks, out ticks) ? status : ValueStatus.Error;
        }

        return new TicksOperand(type, place, leftOperand.Cost + rightOperand.Cost + Costs.Operation, Eval);
    }

    public static TicksOperand Negate(Place place, TicksOperand operand)
    {
        if (operand.Constant is { } constant)
        {
            return TicksOperand.Fixed(ValueType.Duration, place, -constant);
        }

        var inner = operand.Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            var status = inner(evaluation, out ticks);
            ticks = -ticks;
            return status;
        }

        return new TicksOperand(ValueType.Duration, place, operand.Cost + Costs.Operation, Eval);
    }

    /// <summary>A duration lies in ±long.MaxValue, so that its negation exists; a timestamp in the years 1 to 9999.</summary>
    private static bool TryAdd(ValueType type, long left, int sign, long right, out long ticks)
    {
        var sum = (Int128)left + (sign * (Int128)right);
        var (least, most) = type == ValueType.Timestamp ? (0, DateTime.MaxValue.Ticks) : (-long.MaxValue, long.MaxValue);
        ticks = sum >= least && sum <= most ? (long)sum : 0;
        return sum == ticks;
    }
}
