using FraudEngine.Domain;
using FraudEngine.Trials;
using TransactionFeed.Labels;

namespace FraudEngine.Tests.TransactionFeed;

public class LabelScheduleTests
{
    private static readonly long Start = new DateTime(2026, 1, 1).Ticks;

    [Fact]
    public void A_label_is_taken_before_the_first_transaction_of_the_hour_in_which_it_falls_due()
    {
        var schedule = new LabelSchedule(TimeSpan.FromDays(7));
        schedule.Add(At(0, 10, 30), new DueLabel("a", "t", true));
        Assert.Empty(schedule.TakeDue(At(0, 10, 30)));
        Assert.Empty(schedule.TakeDue(At(7, 9, 59, 59)));
        Assert.Equal(1, schedule.Count);

        Assert.Equal([new DueLabel("a", "t", true)], schedule.TakeDue(At(7, 10)));

        Assert.Equal(0, schedule.Count);
        Assert.Empty(schedule.TakeDue(At(9, 0)));
    }

    [Fact]
    public void A_label_that_falls_due_with_the_next_hour_is_not_taken_in_this_one()
    {
        var schedule = new LabelSchedule(TimeSpan.FromHours(1));
        schedule.Add(At(0, 10), new DueLabel("a", "t", true));
        Assert.Empty(schedule.TakeDue(At(0, 10, 59, 59)));
        Assert.Single(schedule.TakeDue(At(0, 11)));
    }

    [Fact]
    public void The_rest_comes_in_the_order_in_which_it_would_have_fallen_due()
    {
        var schedule = new LabelSchedule(TimeSpan.FromDays(1));
        schedule.Add(At(3, 0), new DueLabel("a", "3", true));
        schedule.Add(At(1, 0), new DueLabel("a", "1", true));
        schedule.Add(At(2, 0), new DueLabel("a", "2", true));
        schedule.Add(At(1, 0), new DueLabel("a", "1b", false));
        Assert.Equal(["1", "1b", "2", "3"], schedule.TakeRest().Select(label => label.TransactionId));
    }

    [Fact]
    public void What_is_taken_is_what_a_recount_of_everything_takes_and_what_features_are_computed_with()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var delay = TimeSpan.FromMinutes(random.Next(4) switch { 0 => 0, 1 => random.Next(60), 2 => 60, _ => random.Next(3000) });
            var schedule = new LabelSchedule(delay);
            var ofFeatures = new DueLabels(delay);
            var recount = new List<(long Due, DueLabel Label)>();
            var stepEnd = long.MinValue;
            var time = Start;
            for (var i = 0; i < 200; i++)
            {
                // Mostly forward, some of them far; now and then late.
                time += random.Next(10) switch { 0 => -TimeSpan.FromMinutes(random.Next(200)).Ticks, 1 => TimeSpan.FromHours(random.Next(30)).Ticks, _ => random.NextInt64(TimeSpan.FromMinutes(20).Ticks) };
                stepEnd = Math.Max(stepEnd, new DateTime(time).Date.AddHours(new DateTime(time).Hour + 1).Ticks);
                var expected = recount.Where(label => label.Due < stepEnd).OrderBy(label => label.Due).Select(label => label.Label).ToList();
                recount.RemoveAll(label => label.Due < stepEnd);

                Assert.Equal(expected, schedule.TakeDue(time));
                Assert.Equal(recount.Count, schedule.Count);
                Assert.Equal(expected.Select(label => label.AccountId), Take(ofFeatures, time));

                if (random.Next(3) == 0)
                {
                    var label = new DueLabel($"a{i}", $"t{i}", random.Next(2) == 0);
                    recount.Add((time + delay.Ticks, label));
                    schedule.Add(time, label);
                    ofFeatures.AddFraud(label.AccountId, new Transaction { TimestampTicks = time }, sequence: 1);
                }
            }
        }
    }

    private static IEnumerable<string> Take(DueLabels labels, long ticks)
    {
        while (labels.TryTake(ticks, out var account, out _))
        {
            yield return account;
        }
    }

    private static long At(int day, int hour, int minute = 0, int second = 0) => Start + new TimeSpan(day, hour, minute, second).Ticks;
}
