using System.Globalization;

namespace TransactionFeed.CommandLine;

/// <summary>Reads durations such as <c>500ms</c>, <c>15s</c>, <c>2m</c>, <c>1h</c>, <c>1.5d</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, ticks) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count * ticks < TimeSpan.TicksPerDay * 10_000d)
            {
                duration = TimeSpan.FromTicks((long)(count * ticks));
                return true;
            }
        }

        return false;
    }
}
