using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Tests.Rules;

public class ClockTests
{
    [Theory]
    [InlineData("2026-03-04T00:00:00Z", "hour(timestamp) == 0")]
    [InlineData("2026-03-04T23:59:59.9999999Z", "hour(timestamp) == 23")]
    [InlineData("2026-03-04T01:30:00+02:00", "hour(timestamp) == 23 && weekday(timestamp) == 2")]
    [InlineData("2026-03-01T12:00:00Z", "weekday(timestamp) == 0")]
    [InlineData("2026-03-07T12:00:00Z", "weekday(timestamp) == 6")]
    [InlineData("2026-03-29T00:59:59Z", "hour(timestamp, \"Europe/Brussels\") == 1")]
    [InlineData("2026-03-29T01:00:00Z", "hour(timestamp, \"Europe/Brussels\") == 3")]
    [InlineData("2026-10-25T00:59:59Z", "hour(timestamp, \"Europe/Brussels\") == 2")]
    [InlineData("2026-10-25T01:00:00Z", "hour(timestamp, \"Europe/Brussels\") == 2")]
    [InlineData("2026-10-25T02:00:00Z", "hour(timestamp, \"Europe/Brussels\") == 3")]
    [InlineData("2026-03-04T20:00:00Z", "weekday(timestamp, \"Asia/Tokyo\") == 4 && hour(timestamp, \"Asia/Tokyo\") == 5")]
    [InlineData("2026-03-04T20:00:00Z", "hour(timestamp + 5h) == 1")]
    [InlineData("1980-06-01T12:00:00Z", "hour(timestamp, \"Europe/Brussels\") == 14")]
    [InlineData("0001-01-01T00:30:00Z", "hour(timestamp, \"America/New_York\") in [19, 20] && weekday(timestamp, \"America/New_York\") == 0")]
    public void Hours_and_weekdays_are_those_of_the_zone(string timestamp, string when) =>
        Assert.Equal(RuleResult.Hit, Given.Result(when, $"timestamp={timestamp}"));

    [Theory]
    [InlineData("Europe/Brussels")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Australia/Lord_Howe")]
    public void Offsets_equal_those_of_the_database(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var offsets = ZoneOffsets.Find(name)!;
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var ticks = random.NextInt64(new DateTime(1995, 1, 1).Ticks, new DateTime(2055, 1, 1).Ticks);
            Assert.Equal(ticks + zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Utc)).Ticks, offsets.ToLocal(ticks));
        }
    }
}
