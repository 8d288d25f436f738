using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// One window over an entity's transactions: those with event time in (t - delay - length, t - delay], where t is the current transaction's own, that pass the
/// filter. Without a delay the current transaction is included, but for First, Last, Since, Distance, Speed and the functions over frauds, which look at what
/// came before it; Rate counts it among all, as one that is not known to be fraud.
/// </summary>
/// <param name="Field">
/// None for Count, Since, Distance, Speed and the functions over frauds; Amount for Sum, Avg, Min, Max and Stddev; Amount or a text field for First and Last; a text field for Distinct and Same.
/// Transactions without the field are passed over, and by Distance and Speed those without a position.
/// </param>
/// <param name="LengthTicks">Ticks of 100 ns, more than 0 and at most the horizon.</param>
/// <param name="Filter">Null where all transactions count.</param>
/// <param name="DelayTicks">Ticks of 100 ns, 0 or more and at most the horizon: how old a transaction must be to count, as when its label is known only then. None for Distance and Speed.</param>
public readonly record struct WindowSpec(WindowFunction Function, TransactionField Field, long LengthTicks, EventFilter? Filter = null, long DelayTicks = 0)
{
    /// <summary>How far before the current transaction it starts.</summary>
    internal long ReachTicks => EventTime.Together(DelayTicks, LengthTicks);

    /// <summary>Whether it looks at labels.</summary>
    public bool NeedsLabels =>
        Function is WindowFunction.Rate or WindowFunction.Frauds or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud;

    /// <summary>Whether its value is a text; else it is a number.</summary>
    public bool IsText => Function is WindowFunction.First or WindowFunction.Last && Field != TransactionField.Amount;
}
