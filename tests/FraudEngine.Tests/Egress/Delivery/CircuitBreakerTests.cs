using FraudEngine.Egress.Delivery;

namespace FraudEngine.Tests.Egress.Delivery;

/// <summary>When a channel stops sending, and begins again.</summary>
public sealed class CircuitBreakerTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private readonly CircuitBreaker _breaker = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    [Fact]
    public void So_many_failures_in_a_row_open_it_and_fewer_do_not()
    {
        Assert.Equal([false, false], Fail(2));
        Assert.False(_breaker.Succeed());
        Assert.Equal([false, false], Fail(2));
        Assert.Equal(BreakerPermit.All, _breaker.Permit(0));
        Assert.Equal([true], Fail(1));
        Assert.Equal((BreakerState.Open, BreakerPermit.None), (_breaker.State, _breaker.Permit(Second - 1)));
    }

    [Fact]
    public void One_probe_at_a_time_goes_out_each_twice_as_late_up_to_a_maximum()
    {
        Fail(3);
        var now = 0L;
        foreach (var wait in (long[])[1, 2, 4, 5, 5])
        {
            now += wait * Second;
            Assert.Equal((BreakerPermit.None, BreakerPermit.Probe), (_breaker.Permit(now - 1), _breaker.Permit(now)));
            _breaker.BeginProbe();
            Assert.Equal((BreakerState.HalfOpen, BreakerPermit.None), (_breaker.State, _breaker.Permit(now + (1000 * Second))));
            Assert.False(_breaker.Fail(isProbe: true, now));
        }

        _breaker.BeginProbe();
        Assert.True(_breaker.Succeed());
        Assert.Equal(BreakerPermit.All, _breaker.Permit(now));
        Assert.Equal([false, false, true], Fail(3));
        Assert.Equal(Second, _breaker.ProbeTicks);
    }

    [Fact]
    public void What_was_under_way_when_it_opened_neither_opens_it_again_nor_counts_as_a_probe()
    {
        Fail(3);
        Assert.Equal([false, false, false, false], Fail(4));
        _breaker.BeginProbe();
        Assert.Equal([false], Fail(1));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        _breaker.Abandon(10 * Second);
        Assert.Equal((BreakerState.Open, 11 * Second), (_breaker.State, _breaker.ProbeTicks));
    }

    private bool[] Fail(int times) => [.. Enumerable.Range(0, times).Select(_ => _breaker.Fail(isProbe: false, 0))];
}
