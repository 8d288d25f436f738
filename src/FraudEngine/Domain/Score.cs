using System.Globalization;

namespace FraudEngine.Domain;

/// <summary>
/// A score in billionths: exact, so that 0.1 + 0.2 + 0.2 reaches a threshold of 0.5. A decision's score lies in 0..1;
/// what a single rule adds may be negative.
/// </summary>
public readonly record struct Score(int Billionths) : IComparable<Score>
{
    public const int One = 1_000_000_000;

    /// <summary>The longest text <see cref="Format"/> writes, in bytes.</summary>
    public const int TextBytesMax = 12;

    /// <summary>The score nearest to <paramref name="value"/>, which must lie in -1..1.</summary>
    public static Score FromDecimal(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(value), 1m, nameof(value));
        return new Score((int)Math.Round(value * One));
    }

    /// <summary>A sum of scores, cut to 0..1.</summary>
    public static Score Clamp(long billionths) => new((int)Math.Clamp(billionths, 0, One));

    public decimal ToDecimal() => (decimal)Billionths / One;

    /// <summary>Writes the shortest decimal text of a score in 0..1 and returns its length in bytes.</summary>
    public int Format(Span<byte> destination)
    {
        destination[0] = (byte)('0' + (Billionths / One));
        var fraction = Billionths % One;
        if (fraction == 0)
        {
            return 1;
        }

        destination[1] = (byte)'.';
        var length = 2;
        for (var unit = One / 10; fraction > 0; unit /= 10)
        {
            destination[length++] = (byte)('0' + (fraction / unit));
            fraction %= unit;
        }

        return length;
    }

    public int CompareTo(Score other) => Billionths.CompareTo(other.Billionths);

    public override string ToString() => ToDecimal().ToString("0.#########", CultureInfo.InvariantCulture);

    public static bool operator <(Score left, Score right) => left.Billionths < right.Billionths;

    public static bool operator >(Score left, Score right) => left.Billionths > right.Billionths;

    public static bool operator <=(Score left, Score right) => left.Billionths <= right.Billionths;

    public static bool operator >=(Score left, Score right) => left.Billionths >= right.Billionths;
}
