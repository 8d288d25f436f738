using FraudEngine.Egress.Delivery;

namespace FraudEngine.Tests.Egress.Delivery;

/// <summary>When a failed alert is tried again.</summary>
public sealed class RetryScheduleTests
{
    private static readonly RetrySchedule Schedule = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(24));

    [Theory]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(1, 0.5, 0.75)]
    [InlineData(2, 0.0, 1)]
    [InlineData(3, 0.5, 3)]
    [InlineData(10, 0.0, 256)]
    [InlineData(11, 0.0, 300)]
    [InlineData(12, 0.5, 450)]
    [InlineData(1000, 0.5, 450)]
    [InlineData(int.MaxValue, 0.5, 450)]
    public void A_wait_doubles_up_to_its_maximum_and_half_of_it_is_random(int attempts, double random, double seconds) =>
        Assert.Equal(seconds, Wait(attempts, 0, random: random));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(30, 30)]
    [InlineData(3600, 3600)]
    [InlineData(3601, 3600)]
    [InlineData(1e9, 3600)]
    public void A_receiver_may_ask_for_a_longer_wait_up_to_an_hour(double asked, double seconds) => Assert.Equal(seconds, Wait(1, 0, asked));

    [Theory]
    [InlineData(86_399.9, 0.1)]
    [InlineData(86_100, 300.0)]
    [InlineData(86_000, 300.0)]
    [InlineData(86_400, null)]
    [InlineData(100_000, null)]
    public void The_last_attempt_is_when_the_time_is_over_and_then_it_is_given_up(double age, double? seconds)
    {
        var wait = Wait(20, age);
        Assert.Equal(seconds, wait is { } given ? Math.Round(given, 3) : null);
    }

    private static double? Wait(int attempts, double age, double? asked = null, double random = 0)
    {
        var now = TimeSpan.FromSeconds(age).Ticks + 1000;
        return Schedule.NextTicks(attempts, 1000, now, asked is { } after ? TimeSpan.FromSeconds(after) : null, random) is { } next
            ? new TimeSpan(next - now).TotalSeconds
            : null;
    }
}
