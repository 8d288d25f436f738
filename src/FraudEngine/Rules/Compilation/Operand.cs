using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// A typed and compiled part of an expression. A constant is known when the rule set is compiled; its eval is there all the same.
/// </summary>
/// <param name="Cost">What evaluating it costs, roughly and relative to others, so that conditions try the cheap side first.</param>
internal abstract record Operand(ValueType Type, Place Place, int Cost);

internal sealed record BoolOperand(Place Place, int Cost, BoolEval Eval, Truth Constant = Truth.None) : Operand(ValueType.Bool, Place, Cost)
{
    public static BoolOperand Fixed(Place place, bool value)
    {
        var truth = Truths.Of(value);
        return new BoolOperand(place, Costs.Constant, _ => truth, truth);
    }
}

internal sealed record NumberOperand(Place Place, int Cost, NumberEval Eval, decimal? Constant = null) : Operand(ValueType.Number, Place, Cost)
{
    public static NumberOperand Fixed(Place place, decimal number)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            value = number;
            return ValueStatus.Ok;
        }

        return new NumberOperand(place, Costs.Constant, Eval, number);
    }
}

/// <summary>A duration or a timestamp.</summary>
internal sealed record TicksOperand(ValueType Type, Place Place, int Cost, TicksEval Eval) : Operand(Type, Place, Cost)
{
    public static TicksOperand Fixed(Place place, long duration)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            ticks = duration;
            return ValueStatus.Ok;
        }

        return new TicksOperand(ValueType.Duration, place, Costs.Constant, Eval);
    }
}

/// <summary>A text: a literal, a field of the transaction, or the last value of a field in a window's slot.</summary>
/// <param name="Field">Where it is no literal: the field whose values it takes.</param>
/// <param name="Slot">Where it comes from a window: its slot; else -1.</param>
internal sealed record TextOperand(Place Place, int Cost, string? Literal, TransactionField Field, int Slot) : Operand(ValueType.Text, Place, Cost)
{
    public static TextOperand Fixed(Place place, string literal) => new(place, Costs.Constant, literal, TransactionField.None, -1);

    public bool IsField => Literal is null && Slot < 0;
}

/// <summary>Costs of operands; only their order matters.</summary>
internal static class Costs
{
    public const int Constant = 0;
    public const int Field = 1;
    public const int Operation = 1;
    public const int Clock = 4;
    public const int Window = 30;
}
