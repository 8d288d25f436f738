using System.Globalization;

namespace FraudEngine.Rules.Compilation;

/// <summary>Durations as the language writes them.</summary>
internal static class DurationText
{
    /// <summary>The length in its greatest whole unit: <c>1d</c>, <c>36h</c>, <c>90s</c>.</summary>
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
}
