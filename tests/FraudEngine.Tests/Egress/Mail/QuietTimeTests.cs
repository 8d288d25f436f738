using System.Globalization;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Mail;

namespace FraudEngine.Tests.Egress.Mail;

public sealed class QuietTimeTests
{
    [Theory]

    // Before, at the beginning, within, across midnight, at the end.
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-01-10T20:59:59Z", "2026-01-10T20:59:59Z")]
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-01-10T21:00:00Z", "2026-01-11T06:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-01-11T05:59:59Z", "2026-01-11T06:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-01-11T06:00:00Z", "2026-01-11T06:00:00Z")]
    [InlineData("13:00", "14:30", "America/New_York", "2026-07-01T17:15:30Z", "2026-07-01T18:30:00Z")]
    [InlineData("13:00", "14:30", "America/New_York", "2026-07-01T18:30:00Z", "2026-07-01T18:30:00Z")]

    // From and until alike: none.
    [InlineData("22:00", "22:00", "Europe/Brussels", "2026-01-10T21:00:00Z", "2026-01-10T21:00:00Z")]

    // The night of the change to summer time is an hour shorter, and that to winter time an hour longer.
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Brussels", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z")]

    // 02:30 does not exist: the clock goes from 02:00 to 03:00.
    [InlineData("22:00", "02:30", "Europe/Brussels", "2026-03-29T00:10:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("22:00", "02:30", "America/New_York", "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z")]

    // 02:30 (01:30) exists twice: the first ends them, and in the second pass the second.
    [InlineData("22:00", "02:30", "Europe/Brussels", "2026-10-25T00:10:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("22:00", "02:30", "Europe/Brussels", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("22:00", "01:30", "America/New_York", "2026-11-01T05:10:00Z", "2026-11-01T05:30:00Z")]
    [InlineData("22:00", "01:30", "America/New_York", "2026-11-01T06:10:00Z", "2026-11-01T06:30:00Z")]
    [InlineData("02:45", "05:00", "Europe/Brussels", "2026-10-25T00:50:00Z", "2026-10-25T04:00:00Z")]

    [InlineData("22:00", "07:00", "Nowhere/Land", "2026-01-10T23:00:00Z", "2026-01-11T07:00:00Z")]
    public void Quiet_hours_end(string from, string until, string zone, string now, string end) =>
        Assert.Equal(At(end), QuietTime.EndOf(Quiet(from, until, zone), At(now)));

    [Fact]
    public void Without_quiet_hours_it_is_never_quiet() => Assert.Equal(At("2026-01-10T21:00:00Z"), QuietTime.EndOf(null, At("2026-01-10T21:00:00Z")));

    [Theory]
    [InlineData("Europe/Brussels", "2026-03-28T12:00:00Z")]
    [InlineData("Europe/Brussels", "2026-10-24T12:00:00Z")]
    [InlineData("America/New_York", "2026-03-07T17:00:00Z")]
    [InlineData("America/New_York", "2026-10-31T16:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T12:00:00Z")]
    [InlineData("America/New_York", "2026-07-01T00:00:00Z")]
    public void They_end_as_a_clock_watched_minute_by_minute_says(string zone, string begin)
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var quiet = new QuietHours(new TimeOnly(random.Next(24), random.Next(60)), new TimeOnly(random.Next(i % 2 == 0 ? 5 : 24), random.Next(60)), zone);
            var now = At(begin).AddMinutes(random.Next(2 * 24 * 60));

            var end = QuietTime.EndOf(quiet, now);

            Assert.True(Watched(quiet, now) == end, $"{quiet} at {now:O}: {end:O}, and not {Watched(quiet, now):O}");
        }
    }

    private static DateTimeOffset Watched(QuietHours quiet, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(quiet.TimeZone);
        var shown = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var minutes = (shown.Hour * 60) + shown.Minute;
        var (from, until) = ((quiet.From.Hour * 60) + quiet.From.Minute, (quiet.Until.Hour * 60) + quiet.Until.Minute);
        if (from == until || (from < until ? minutes < from || minutes >= until : minutes < from && minutes >= until))
        {
            return now;
        }

        while (true)
        {
            now = now.AddMinutes(1);
            var next = TimeZoneInfo.ConvertTime(now, zone).DateTime;

            // All minutes that the clock has come to, or jumped over, in this one.
            for (var minute = shown.AddMinutes(1); minute <= next; minute = minute.AddMinutes(1))
            {
                if ((minute.Hour * 60) + minute.Minute == until)
                {
                    return now;
                }
            }

            if (next < shown && (next.Hour * 60) + next.Minute == until)
            {
                return now;
            }

            shown = next;
        }
    }

    private static QuietHours Quiet(string from, string until, string zone) =>
        new(TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(until, CultureInfo.InvariantCulture), zone);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
