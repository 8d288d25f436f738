using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// One window over an entity's transactions: those with event time in (t - length, t], where t is the current transaction's own.
/// The current transaction is included, but for <see cref="WindowFunction.Last"/>, which looks at what came before it.
/// </summary>
/// <param name="Field">
/// None for Count; Amount for Sum, Avg, Min, Max, Stddev and Last; a text field for Distinct and Last. Transactions without the field are passed over.
/// </param>
/// <param name="LengthTicks">Ticks of 100 ns, more than 0 and at most the horizon.</param>
public readonly record struct WindowSpec(WindowFunction Function, TransactionField Field, long LengthTicks)
{
    /// <summary>Whether its value is a text; else it is a number.</summary>
    public bool IsText => Function == WindowFunction.Last && Field != TransactionField.Amount;
}
