using System.Buffers.Text;
using System.Globalization;

namespace FraudEngine.Domain;

/// <summary>
/// An amount as an integer count of minor units of 0.0001, whatever its currency: exact, never through binary floating point.
/// At most 12 digits before the point, so every amount is below 10^16 units.
/// </summary>
public readonly record struct Money(long Units) : IComparable<Money>
{
    /// <summary>Decimal places kept.</summary>
    public const int Decimals = 4;

    /// <summary>Digits allowed before the point.</summary>
    public const int WholeDigitsMax = 12;

    /// <summary>Minor units in one unit of the currency.</summary>
    public const long UnitsPerWhole = 10_000;

    /// <summary>The longest text <see cref="Format"/> writes, in bytes.</summary>
    public const int TextBytesMax = 21;

    /// <summary>The amount as a decimal number with scale 4.</summary>
    public decimal ToDecimal() => new((int)Units, (int)(Units >> 32), 0, false, Decimals);

    public int CompareTo(Money other) => Units.CompareTo(other.Units);

    /// <summary>Writes the shortest decimal text (<c>57.16</c>, <c>5</c>, <c>0.0001</c>) and returns its length in bytes.</summary>
    public int Format(Span<byte> destination)
    {
        Utf8Formatter.TryFormat(Units / UnitsPerWhole, destination, out var length);
        var fraction = (int)(Units % UnitsPerWhole);
        if (fraction == 0)
        {
            return length;
        }

        destination[length++] = (byte)'.';
        for (var unit = (int)UnitsPerWhole / 10; fraction > 0; unit /= 10)
        {
            destination[length++] = (byte)('0' + (fraction / unit));
            fraction %= unit;
        }

        return length;
    }

    /// <summary>As <see cref="Format"/>, but with two decimals at least: <c>12.50</c>, <c>5.00</c>, <c>3.1234</c>.</summary>
    public int FormatPrice(Span<byte> destination)
    {
        var length = Format(destination);
        var point = destination[..length].IndexOf((byte)'.');
        if (point < 0)
        {
            point = length;
            destination[length++] = (byte)'.';
        }

        while (length < point + 3)
        {
            destination[length++] = (byte)'0';
        }

        return length;
    }

    public override string ToString() => ToDecimal().ToString("0.####", CultureInfo.InvariantCulture);

    public static bool operator <(Money left, Money right) => left.Units < right.Units;

    public static bool operator >(Money left, Money right) => left.Units > right.Units;

    public static bool operator <=(Money left, Money right) => left.Units <= right.Units;

    public static bool operator >=(Money left, Money right) => left.Units >= right.Units;
}
