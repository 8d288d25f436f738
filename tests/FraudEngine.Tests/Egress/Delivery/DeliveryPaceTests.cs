using FraudEngine.Egress.Delivery;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress.Delivery;

public class DeliveryPaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(2000)]
    public void In_no_second_more_begin_than_may_and_none_is_lost(int perSecond)
    {
        var pace = new DeliveryPace(perSecond, static () => false);
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
    public void While_decisions_need_the_processors_it_is_a_quarter()
    {
        var isBusy = true;
        var pace = new DeliveryPace(100, () => isBusy);

        Assert.InRange(Begun(from: 1, to: 2), 25, 29);
        isBusy = false;
        Assert.InRange(Begun(from: 2, to: 3), 97, 111);

        int Begun(int from, int to)
        {
            var count = 0;
            for (var now = (100 + from) * TimeSpan.TicksPerSecond; now < (100 + to) * TimeSpan.TicksPerSecond; now += TimeSpan.TicksPerMillisecond)
            {
                for (; pace.IsFree(now); count++)
                {
                    pace.Take(now);
                }
            }

            return count;
        }
    }

    [Fact]
    public void A_process_is_busy_while_it_uses_most_of_its_processors()
    {
        var clock = new TestClock();
        var used = TimeSpan.Zero;
        var load = new ProcessLoad(clock, () => used, processors: 2);

        Assert.False(load.IsBusy);
        used += TimeSpan.FromSeconds(1.3);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(load.IsBusy);
        used += TimeSpan.FromSeconds(1.1);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(load.IsBusy);
    }

    [Fact]
    public void A_clock_that_is_put_back_holds_nothing_up()
    {
        var pace = new DeliveryPace(10, static () => false);
        pace.Take(2 * TimeSpan.TicksPerDay);

        Assert.True(pace.IsFree(TimeSpan.TicksPerDay));
        pace.Take(TimeSpan.TicksPerDay);
        Assert.False(pace.IsFree(TimeSpan.TicksPerDay));
        Assert.True(pace.IsFree(TimeSpan.TicksPerDay + (TimeSpan.TicksPerSecond / 10)));
    }
}
