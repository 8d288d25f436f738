using FraudEngine.Domain.Customers;

namespace FraudEngine.Egress.Mail;

/// <summary>When a customer's quiet hours end, by the clock on the customer's wall.</summary>
internal static class QuietTime
{
    /// <summary>
    /// The given instant where it is not quiet then; else the first one at which the clock shows the end of the quiet hours, or is put forward over it. A clock
    /// that is put back does not end them. Quiet hours that end when they begin are none, and those of a time zone that this machine does not know are UTC's.
    /// </summary>
    public static DateTimeOffset EndOf(QuietHours? quiet, DateTimeOffset now)
    {
        if (quiet is null || quiet.From == quiet.Until)
        {
            return now;
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(quiet.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var time = TimeOnly.FromDateTime(local);

        // Across midnight too.
        if (!time.IsBetween(quiet.From, quiet.Until))
        {
            return now;
        }

        var day = DateOnly.FromDateTime(local).AddDays(time < quiet.Until ? 0 : 1);
        return InstantOf(day.ToDateTime(quiet.Until), zone, now);
    }

    private static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone, DateTimeOffset after)
    {
        if (zone.IsInvalidTime(local))
        {
            // The clock is put forward over it, at a whole minute: the one behind the last that exists.
            var last = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
            while (zone.IsInvalidTime(last))
            {
                last = last.AddMinutes(-1);
            }

            return new DateTimeOffset(last, zone.GetUtcOffset(last)).ToUniversalTime().AddMinutes(1);
        }

        if (!zone.IsAmbiguousTime(local))
        {
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }

        // It is shown twice.
        return zone.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset).ToUniversalTime()).Where(instant => instant > after).Min();
    }
}
