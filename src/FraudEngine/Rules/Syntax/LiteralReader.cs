using System.Globalization;

namespace FraudEngine.Rules.Syntax;

/// <summary>Gives number and duration tokens their values.</summary>
internal static class LiteralReader
{
    private const int DigitsMax = 28;
    private const long DaysMax = 36_500;

    public static decimal Number(string text, Place place)
    {
        var digits = text.AsSpan(place.Start, place.End - place.Start);
        if (digits.Length - digits.Count('.') > DigitsMax)
        {
            throw new ExpressionException(place, $"a number has at most {DigitsMax} digits");
        }

        return decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
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
