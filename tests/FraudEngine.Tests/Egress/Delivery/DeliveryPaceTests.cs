using FraudEngine.Egress.Delivery;

namespace FraudEngine.Tests.Egress.Delivery;

public class DeliveryPaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(2000)]
    public void In_no_second_more_begin_than_may_and_none_is_lost(int perSecond)
    {
        var pace = new DeliveryPace(perSecond);
        var begun = new List<long>();
        var now = TimeSpan.TicksPerDay;
        while (now < TimeSpan.TicksPerDay + (5 * TimeSpan.TicksPerSecond))
        {
            while (pace.IsFree(now))
            {
                pace.Take(now);
                begun.Add(now);
            }

            now = pace.WakeTicks(now);
        }

        // A tenth of a second may be made up for at once.
        var inSecond = begun.Select(from => begun.Count(at => at >= from && at < from + TimeSpan.TicksPerSecond)).Max();
        Assert.InRange(inSecond, perSecond, perSecond + (perSecond / 10) + 1);
        Assert.InRange(begun.Count, 5 * perSecond, (5 * perSecond) + (perSecond / 10) + 1);
    }

    [Fact]
    public void A_clock_that_is_put_back_holds_nothing_up()
    {
        var pace = new DeliveryPace(10);
        pace.Take(2 * TimeSpan.TicksPerDay);

        Assert.True(pace.IsFree(TimeSpan.TicksPerDay));
        pace.Take(TimeSpan.TicksPerDay);
        Assert.False(pace.IsFree(TimeSpan.TicksPerDay));
        Assert.True(pace.IsFree(TimeSpan.TicksPerDay + (TimeSpan.TicksPerSecond / 10)));
    }
}
