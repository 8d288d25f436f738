using FraudEngine.Hosting.Workers;

namespace FraudEngine.Tests.Hosting.Workers;

public sealed class BackOffTests
{
    [Fact]
    public void The_wait_doubles_from_one_second_to_thirty_and_stays_there()
    {
        var backOff = new BackOff();
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => backOff.Next(TimeSpan.Zero).TotalSeconds));
    }

    [Fact]
    public void After_a_healthy_life_it_begins_anew_and_after_a_shorter_one_it_does_not()
    {
        var backOff = new BackOff();
        backOff.Next(TimeSpan.Zero);
        backOff.Next(TimeSpan.Zero);
        Assert.Equal(4, backOff.Next(BackOff.HealthyAfter - TimeSpan.FromTicks(1)).TotalSeconds);
        Assert.Equal(1, backOff.Next(BackOff.HealthyAfter).TotalSeconds);
        Assert.Equal(2, backOff.Next(TimeSpan.Zero).TotalSeconds);
    }
}
