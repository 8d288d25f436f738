namespace PaymentSimulator;

/// <summary>How a customer's payments spread over the day, by their local (solar) time.</summary>
internal sealed class DayRhythm
{
    public static readonly DayRhythm[] All =
    [
        new([1, 1, 1, 1, 1, 2, 6, 12, 14, 12, 12, 14, 18, 14, 12, 13, 15, 20, 22, 18, 12, 7, 4, 2]),
        new([2, 1, 1, 1, 1, 1, 2, 5, 6, 5, 6, 8, 14, 8, 6, 6, 8, 14, 24, 28, 26, 20, 12, 5]),
        new([16, 14, 12, 10, 8, 6, 8, 8, 4, 2, 1, 1, 1, 2, 4, 8, 10, 12, 12, 10, 10, 12, 14, 16]),
    ];

    // Cumulated share of the day's payments at the beginning of each hour; the last is 1.
    private readonly double[] _until = new double[25];

    private DayRhythm(ReadOnlySpan<int> weightByHour)
    {
        var total = 0;
        foreach (var weight in weightByHour)
        {
            total += weight;
        }

        for (var hour = 0; hour < 24; hour++)
        {
            _until[hour + 1] = _until[hour] + ((double)weightByHour[hour] / total);
        }

        _until[24] = 1;
    }

    /// <summary>The time by which <paramref name="days"/> of a mean day's activity have passed since <paramref name="ticks"/>, in whole milliseconds.</summary>
    public long After(long ticks, double days, long zoneTicks)
    {
        var local = ticks + zoneTicks;
        var midnight = local - (local % TimeSpan.TicksPerDay);
        var hours = (double)(local - midnight) / TimeSpan.TicksPerHour;
        var hour = Math.Min((int)hours, 23);
        var activity = _until[hour] + ((hours - hour) * (_until[hour + 1] - _until[hour])) + days;
        var wholeDays = Math.Floor(activity);
        activity -= wholeDays;
        hour = 0;
        while (hour < 23 && _until[hour + 1] <= activity)
        {
            hour++;
        }

        hours = hour + ((activity - _until[hour]) / (_until[hour + 1] - _until[hour]));
        var next = midnight + (long)(((wholeDays * 24) + hours) * TimeSpan.TicksPerHour) - zoneTicks;
        next -= next % TimeSpan.TicksPerMillisecond;
        return Math.Max(next, ticks);
    }
}
