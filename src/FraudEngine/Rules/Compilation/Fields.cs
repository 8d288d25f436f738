using System.Collections.Frozen;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>The transaction's fields by their names in the contract.</summary>
internal static class Fields
{
    private const int E7Decimals = 7;

    public static FrozenDictionary<string, TransactionField> ByName { get; } =
        TransactionFieldText.All.ToFrozenDictionary(static name => name, static name => TransactionFieldText.Find(name));

    public static Operand Compile(TransactionField field, Place place)
    {
        switch (field)
        {
            case TransactionField.Amount:
                return new NumberOperand(place, Costs.Field, Amount);
            case TransactionField.Latitude:
                return new NumberOperand(place, Costs.Field, Latitude);
            case TransactionField.Longitude:
                return new NumberOperand(place, Costs.Field, Longitude);
            case TransactionField.Timestamp:
                return new TicksOperand(ValueType.Timestamp, place, Costs.Field, Timestamp);
            default:
                return Text(field, place);
        }
    }

    /// <summary>Whether every transaction has the field.</summary>
    public static bool IsRequired(TransactionField field) => field is TransactionField.TransactionId or TransactionField.AccountId
        or TransactionField.Timestamp or TransactionField.Amount or TransactionField.Currency;

    /// <summary>Whether the field is given; never missing.</summary>
    public static BoolOperand Has(TransactionField field, Place place) => IsRequired(field)
        ? BoolOperand.Fixed(place, true)
        : new BoolOperand(place, Costs.Field, field is TransactionField.Latitude or TransactionField.Longitude
            ? static evaluation => Truths.Of(evaluation.Transaction.HasPosition)
            : evaluation => Truths.Of(!evaluation.Transaction.Text(field).IsEmpty));

    private static TextOperand Text(TransactionField field, Place place)
    {
        ValueStatus Key(RuleEvaluation evaluation, out TextKey key)
        {
            key = evaluation.Key(field);
            return key.IsNone ? ValueStatus.Missing : ValueStatus.Ok;
        }

        ValueStatus Bytes(RuleEvaluation evaluation, out ReadOnlySpan<byte> text)
        {
            text = evaluation.Transaction.Text(field);
            return text.IsEmpty ? ValueStatus.Missing : ValueStatus.Ok;
        }

        return new TextOperand(place, Costs.Field, Key, Bytes, null, field) { IsField = true };
    }

    private static ValueStatus Amount(RuleEvaluation evaluation, out decimal value)
    {
        value = evaluation.Transaction.Amount.ToDecimal();
        return ValueStatus.Ok;
    }

    private static ValueStatus Latitude(RuleEvaluation evaluation, out decimal value) => Degrees(evaluation, evaluation.Transaction.LatitudeE7, out value);

    private static ValueStatus Longitude(RuleEvaluation evaluation, out decimal value) => Degrees(evaluation, evaluation.Transaction.LongitudeE7, out value);

    private static ValueStatus Degrees(RuleEvaluation evaluation, int e7, out decimal value)
    {
        value = new decimal(Math.Abs(e7), 0, 0, e7 < 0, E7Decimals);
        return evaluation.Transaction.HasPosition ? ValueStatus.Ok : ValueStatus.Missing;
    }

    private static ValueStatus Timestamp(RuleEvaluation evaluation, out long ticks)
    {
        ticks = evaluation.Transaction.TimestampTicks;
        return ValueStatus.Ok;
    }
}
