namespace FraudEngine.Windows;

/// <summary>Arithmetic on event time that stops at the ends of time instead of wrapping round.</summary>
internal static class EventTime
{
    /// <summary>The instant that lies <paramref name="length"/> (0 or more) before <paramref name="ticks"/>.</summary>
    public static long Before(long ticks, long length) => ticks < long.MinValue + length ? long.MinValue : ticks - length;

    /// <summary>Two lengths one after the other.</summary>
    public static long Together(long length, long other) => length > long.MaxValue - other ? long.MaxValue : length + other;
}
