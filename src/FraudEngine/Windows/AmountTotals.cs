namespace FraudEngine.Windows;

/// <summary>The sum of amounts, in minor units, and the sum of their squares. Exact: see <see cref="WindowPlan.EventsMaxLimit"/>.</summary>
internal readonly record struct AmountTotals(UInt128 Sum, UInt128 Squares)
{
    public AmountTotals Plus(long amount) => new(Sum + (ulong)amount, Squares + Square(amount));

    public AmountTotals Minus(long amount) => new(Sum - (ulong)amount, Squares - Square(amount));

    /// <summary>Those of what is left without amounts that are among these.</summary>
    public AmountTotals Minus(AmountTotals part) => new(Sum - part.Sum, Squares - part.Squares);

    private static UInt128 Square(long amount)
    {
        var high = Math.BigMul((ulong)amount, (ulong)amount, out var low);
        return new UInt128(high, low);
    }
}
