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

    public static TicksOperand Compile(Place place, ArithmeticOperator arithmetic, ValueType type, TicksOperand leftOperand, TicksOperand rightOperand)
    {
        var (left, right) = (leftOperand.Eval, rightOperand.Eval);
        var sign = arithmetic == ArithmeticOperator.Add ? 1 : -1;
        var isTimestamp = type == ValueType.Timestamp;
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftTicks), right(evaluation, out var rightTicks));
            var added = sign * rightTicks;
            ticks = leftTicks + added;
            var overflows = ((leftTicks ^ ticks) & (added ^ ticks)) < 0;
            var isOutOfRange = overflows || (isTimestamp && (ticks < 0 || ticks > DateTime.MaxValue.Ticks));
            return status == ValueStatus.Ok && isOutOfRange ? ValueStatus.Error : status;
        }

        return new TicksOperand(type, place, leftOperand.Cost + rightOperand.Cost + Costs.Operation, Eval);
    }

    public static TicksOperand Negate(Place place, TicksOperand operand)
    {
        var inner = operand.Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            var status = inner(evaluation, out ticks);
            ticks = -ticks;
            return status;
        }

        return new TicksOperand(ValueType.Duration, place, operand.Cost + Costs.Operation, Eval);
    }
}
