using System.Numerics;

namespace FraudEngine.Windows;

/// <summary>The sample standard deviation of amounts, in integers only.</summary>
internal static class SampleDeviation
{
    /// <summary>Decimal places of the result, which is rounded down.</summary>
    private const int Decimals = 6;

    /// <summary>Turns a variance in squared minor units (10^-8) into one in squared units of the result (10^-12).</summary>
    private const int Scale = 10_000;

    /// <summary>
    /// In currency units: the root of (n·Σx² − (Σx)²) / (n·(n − 1)); 0 for fewer than two amounts.
    /// </summary>
    public static decimal Of(AmountTotals totals, int count)
    {
        if (count < 2)
        {
            return 0;
        }

        var root = Root(Variance(totals, (ulong)count));
        return new decimal((int)root, (int)(root >> 32), 0, false, Decimals);
    }

    private static UInt128 Variance(AmountTotals totals, ulong count)
    {
        var pairs = count * (count - 1);

        // (Σx)² is never more than n·Σx², so it fits wherever that fits.
        if (totals.Squares <= UInt128.MaxValue / (count * Scale))
        {
            return ((totals.Squares * count) - (totals.Sum * totals.Sum)) * Scale / pairs;
        }

        var difference = ((BigInteger)totals.Squares * count) - ((BigInteger)totals.Sum * totals.Sum);
        return (UInt128)(difference * Scale / pairs);
    }

    /// <summary>The whole part of the square root, by Newton's method from above.</summary>
    internal static ulong Root(UInt128 value)
    {
        if (value == 0)
        {
            return 0;
        }

        var bits = 128 - (int)UInt128.LeadingZeroCount(value);
        var root = UInt128.One << ((bits + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return (ulong)root;
            }

            root = next;
        }
    }
}
