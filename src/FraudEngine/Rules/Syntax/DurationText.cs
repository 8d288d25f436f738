using System.Buffers;
using System.Globalization;
using System.Text;

namespace FraudEngine.Rules.Syntax;

/// <summary>Durations as the language writes them.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ns", 0), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>The length in its greatest whole unit: <c>1d</c>, <c>36h</c>, <c>90s</c>. Whole seconds only.</summary>
    public static string Of(long ticks)
    {
        var (unit, letter) = ticks switch
        {
            _ when ticks % TimeSpan.TicksPerDay == 0 => (TimeSpan.TicksPerDay, 'd'),
            _ when ticks % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, 'h'),
            _ when ticks % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, 'm'),
            _ => (TimeSpan.TicksPerSecond, 's'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / unit}{letter}");
    }

    /// <summary>Any length, in the parts that it has: <c>1h30m</c>, <c>2d</c>, <c>-1m0.5s</c>, <c>0s</c>.</summary>
    public static string InParts(long ticks)
    {
        var text = new StringBuilder(ticks < 0 ? "-" : "");
        var rest = UInt128.CreateTruncating(Int128.Abs(ticks));
        foreach (var (unit, letter) in new[] { (TimeSpan.TicksPerDay, 'd'), (TimeSpan.TicksPerHour, 'h'), (TimeSpan.TicksPerMinute, 'm') })
        {
            if (rest >= (ulong)unit)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / (ulong)unit}{letter}");
                rest %= (ulong)unit;
            }
        }

        if (rest > 0 || ticks == 0)
        {
            text.Append(NumberText.Of((decimal)rest / TimeSpan.TicksPerSecond)).Append('s');
        }

        return text.ToString();
    }

    /// <summary>
    /// Reads CEL's form, a sequence of decimal numbers with units, after an optional sign: <c>1h30m</c>, <c>-1.5s</c>, <c>100ms</c>. False where it is none, or no
    /// whole number of ticks of 100 ns, or longer than 36,500 days.
    /// </summary>
    public static bool TryRead(string text, out long ticks)
    {
        ticks = 0;
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith("-", StringComparison.Ordinal);
        if (rest.StartsWith("-", StringComparison.Ordinal) || rest.StartsWith("+", StringComparison.Ordinal))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        var sum = 0m;
        var hasPart = false;
        while (!rest.IsEmpty)
        {
            if (!TryReadPart(ref rest, out var part) || (sum += part) > LiteralReader.DaysMax * TimeSpan.TicksPerDay)
            {
                return false;
            }

            hasPart = true;
        }

        ticks = (long)sum * (isNegative ? -1 : 1);
        return hasPart && sum == decimal.Truncate(sum);
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var digits = rest.IndexOfAnyExcept(NumberCharacters);
        if (digits is <= 0 or > LiteralReader.DigitsMax / 2
            || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        var letters = rest.IndexOfAny(NumberCharacters);
        var name = letters < 0 ? rest : rest[..letters];
        foreach (var (unit, length) in Units)
        {
            if (name.SequenceEqual(unit))
            {
                ticks = length == 0 ? number / 100 : number * length;
                rest = rest[name.Length..];
                return true;
            }
        }

        return false;
    }
}
