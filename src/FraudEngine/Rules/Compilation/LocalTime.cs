namespace FraudEngine.Rules.Compilation;

/// <summary>The parts of a local time in ticks, counted as CEL counts them. West of Greenwich the first day's ticks are below 0, the last day's east of it too large.</summary>
internal static class LocalTime
{
    public static int Hour(long ticks) => (int)(Later(ticks) / TimeSpan.TicksPerHour % 24);

    public static int Minute(long ticks) => (int)(Later(ticks) / TimeSpan.TicksPerMinute % 60);

    public static int Second(long ticks) => (int)(Later(ticks) / TimeSpan.TicksPerSecond % 60);

    public static int Millisecond(long ticks) => (int)(Later(ticks) / TimeSpan.TicksPerMillisecond % 1000);

    /// <summary>0 is Sunday. Day 0, 0001-01-01, was a Monday.</summary>
    public static int DayOfWeek(long ticks) => (int)(((Later(ticks) / TimeSpan.TicksPerDay) + 1) % 7);

    public static int Year(long ticks) => Date(ticks).Year;

    /// <summary>0 is January.</summary>
    public static int Month(long ticks) => Date(ticks).Month - 1;

    /// <summary>1 is the first of the month.</summary>
    public static int Day(long ticks) => Date(ticks).Day;

    /// <summary>0 is the first of the month.</summary>
    public static int DayOfMonth(long ticks) => Date(ticks).Day - 1;

    /// <summary>0 is the first of January.</summary>
    public static int DayOfYear(long ticks) => Date(ticks).DayOfYear - 1;

    private static DateTime Date(long ticks) => new(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks));

    /// <summary>A week more changes no part of the day or the week, and keeps it above 0.</summary>
    private static long Later(long ticks) => ticks + (7 * TimeSpan.TicksPerDay);
}
