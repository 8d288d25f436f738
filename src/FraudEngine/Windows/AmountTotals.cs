namespace FraudEngine.Windows;

/// <summary>The sum of amounts, in minor units, and the sum of their squares. Exact: see <see cref="WindowPlan.EventsMaxLimit"/>.</summary>
internal readonly record struct AmountTotals(UInt128 Sum, UInt128 Squares)
{
    public AmountTotals Plus(long amount) => new(Sum + (ulong)amount, Squares + Square(amount));

    public AmountTotals Minus(long amount) => new(Sum - (ulong)amount, Squares - Square(amount));

    private static UInt128 Square(long amount)
    {
        var high = Math.BigMul((ulong)amount, (ulong)amount, out var low);
        return new UInt128(high, low);
    }
}
