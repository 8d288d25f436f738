using System.Collections.Immutable;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// A typed and compiled part of an expression. A constant is known when the rule set is compiled; its eval is there all the same.
/// </summary>
/// <param name="Cost">What evaluating it costs, roughly and relative to others, so that conditions try the cheap side first.</param>
internal abstract record Operand(ValueType Type, Place Place, double Cost);

internal sealed record BoolOperand(Place Place, double Cost, BoolEval Eval, Truth Constant = Truth.None) : Operand(ValueType.Bool, Place, Cost)
{
    public static BoolOperand Fixed(Place place, bool value)
    {
        var truth = Truths.Of(value);
        return new BoolOperand(place, Costs.Constant, _ => truth, truth);
    }
}

internal sealed record NumberOperand(Place Place, double Cost, NumberEval Eval, decimal? Constant = null) : Operand(ValueType.Number, Place, Cost)
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
internal sealed record TicksOperand(ValueType Type, Place Place, double Cost, TicksEval Eval, long? Constant = null) : Operand(Type, Place, Cost)
{
    public static TicksOperand Fixed(ValueType type, Place place, long constant)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out long ticks)
        {
            ticks = constant;
            return ValueStatus.Ok;
        }

        return new TicksOperand(type, place, Costs.Constant, Eval, constant);
    }
}

/// <summary>A text: a literal, a field of the transaction, what a window remembers, or a choice of these.</summary>
/// <param name="Bytes">Null where only the key is known, since it may come from a window.</param>
/// <param name="Field">The field whose values it takes, where that is always the same one; else None.</param>
internal sealed record TextOperand(Place Place, double Cost, KeyEval Key, TextEval? Bytes, string? Literal, TransactionField Field) : Operand(ValueType.Text, Place, Cost)
{
    /// <summary>Whether it is a field of the transaction itself.</summary>
    public bool IsField { get; init; }

    public static TextOperand Fixed(Place place, string literal)
    {
        var utf8 = Encoding.UTF8.GetBytes(literal);
        var constant = TextKey.Of(utf8);

        ValueStatus Key(RuleEvaluation evaluation, out TextKey key)
        {
            key = constant;
            return ValueStatus.Ok;
        }

        ValueStatus Bytes(RuleEvaluation evaluation, out ReadOnlySpan<byte> text)
        {
            text = utf8;
            return ValueStatus.Ok;
        }

        return new TextOperand(place, Costs.Constant, Key, Bytes, literal, TransactionField.None);
    }
}

/// <summary>A list: its length is known when the rule set is compiled, its items need not be.</summary>
/// <param name="ItemType">None where it has no items.</param>
/// <param name="Choice">Null where <paramref name="Items"/> are those of the list; else it is one of two, and Items is empty.</param>
internal sealed record ListOperand(Place Place, double Cost, ValueType ItemType, ImmutableArray<Operand> Items, ListChoice? Choice = null) : Operand(ValueType.List, Place, Cost);

/// <summary>One list or another. All leaves of such a tree of choices are counted.</summary>
internal sealed record ListChoice(BoolOperand Condition, ListOperand Then, ListOperand Otherwise, int Leaves);

/// <summary>Costs of operands, in units of about 10 ns at their worst. In doubles, since what is nested grows beyond any whole number.</summary>
internal static class Costs
{
    public const int Constant = 0;
    public const int Field = 1;
    public const int Operation = 1;
    public const int Text = 2;
    public const int Clock = 4;

    /// <summary>A look into a named list; a long text is hashed for it.</summary>
    public const int NamedList = 8;

    public const int Multiplication = 3;
    public const int Division = 15;
    public const int Pattern = 20;

    /// <summary>Of a pattern's instructions each, on the longest text.</summary>
    public const int Instruction = 10;

    /// <summary>How many texts one can be compared with for the cost of an operation.</summary>
    public const int TextsPerOperation = 4;

    public const int Window = 30;
}
