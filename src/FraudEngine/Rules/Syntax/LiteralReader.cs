using System.Globalization;

namespace FraudEngine.Rules.Syntax;

/// <summary>Gives number and duration tokens their values.</summary>
internal static class LiteralReader
{
    public const int DigitsMax = 28;
    private const decimal NumberMax = 9_999_999_999_999_999_999_999_999_999m;
    public const long DaysMax = 36_500;

    public static decimal Number(string text, Place place)
    {
        var digits = text.AsSpan(place.Start, place.End - place.Start);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return UInt128.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole) && whole <= (UInt128)NumberMax
                ? (decimal)whole
                : throw new ExpressionException(place, $"a number has at most {DigitsMax} digits");
        }

        var exponentAt = digits.IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? digits : digits[..exponentAt];
        if (mantissa.Length - mantissa.Count('.') > DigitsMax)
        {
            throw new ExpressionException(place, $"a number has at most {DigitsMax} digits");
        }

        var value = decimal.Parse(mantissa, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return exponentAt < 0 ? value : Shift(value, digits[(exponentAt + 1)..], place);
    }

    /// <summary>The number with its point moved, exactly or not at all.</summary>
    private static decimal Shift(decimal value, ReadOnlySpan<char> exponent, Place place)
    {
        var places = int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? read : int.MaxValue;
        for (; places > 0 && places <= DigitsMax && decimal.Abs(value) <= NumberMax / 10; places--)
        {
            value *= 10;
        }

        for (; places < 0 && places >= -DigitsMax && value / 10 * 10 == value; places++)
        {
            value /= 10;
        }

        return places == 0 || value == 0
            ? value
            : throw new ExpressionException(place, $"a number has at most {DigitsMax} digits before and behind the point together");
    }

    /// <summary>Ticks of 100 ns.</summary>
    public static long Duration(string text, Place place)
    {
        var unit = text[place.End - 1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        var digits = text.AsSpan(place.Start, place.End - place.Start - 1);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > DaysMax * TimeSpan.TicksPerDay / unit)
        {
            throw new ExpressionException(place, $"a duration is at most {DaysMax}d");
        }

        return count * unit;
    }
}
