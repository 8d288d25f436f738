using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Features;

/// <summary>A compiled feature; not a number where it has no value. Like all evals it allocates nothing and never throws.</summary>
internal delegate double FeatureEval(RuleEvaluation evaluation);

/// <summary>What a value is for a model.</summary>
internal static class FeatureEvals
{
    /// <param name="operand">A number, a condition, which is 1 or 0, or a duration, in seconds.</param>
    public static FeatureEval Of(Operand operand) => operand switch
    {
        NumberOperand number => Number(number.Eval),
        BoolOperand condition => Condition(condition.Eval),
        TicksOperand duration => Seconds(duration.Eval),
        _ => throw new ArgumentOutOfRangeException(nameof(operand)),
    };

    private static FeatureEval Number(NumberEval number) =>
        evaluation => number(evaluation, out var value) == ValueStatus.Ok ? (double)value : double.NaN;

    private static FeatureEval Condition(BoolEval condition) => evaluation => condition(evaluation) switch
    {
        Truth.True => 1,
        Truth.False => 0,
        Truth.None or Truth.Missing or Truth.Error => double.NaN,
    };

    private static FeatureEval Seconds(TicksEval duration) =>
        evaluation => duration(evaluation, out var ticks) == ValueStatus.Ok ? ticks / (double)TimeSpan.TicksPerSecond : double.NaN;
}
