using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class HistoryForgettingTests
{
    [Theory]
    [InlineData(899, true)]
    [InlineData(900, false)]
    [InlineData(1_000, false)]
    public void A_transaction_is_too_late_when_it_is_older_than_the_allowed_lateness(long at, bool isTooLate)
    {
        var history = new EventHistory(Plan(10));
        Assert.False(history.IsTooLate(at));
        history.Add(new Payment(1_000).ToTransaction());
        Assert.Equal(isTooLate, history.IsTooLate(at));
    }

    [Theory]
    [InlineData(2_100, 1)]
    [InlineData(2_099, 2)]
    public void What_the_latest_allowed_transaction_can_still_see_is_kept(long at, int count)
    {
        var history = new EventHistory(Plan(10));
        history.Add(new Payment(1_000).ToTransaction());
        history.Add(new Payment(at).ToTransaction());
        Assert.Equal(count, history.Count);
    }

    [Theory]
    [InlineData(109, WindowStatus.Forgotten)]
    [InlineData(110, WindowStatus.Ok)]
    public void A_window_is_not_known_while_it_reaches_behind_what_was_forgotten_early(long at, WindowStatus status)
    {
        var history = new EventHistory(Plan(2));
        foreach (var earlier in new[] { 100, 101, 102 })
        {
            history.Add(new Payment(earlier).ToTransaction());
        }

        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(at).ToTransaction());
        Assert.Equal(status, WindowTable.Read(reader, 0).Status);
    }

    [Fact]
    public void A_last_that_is_kept_is_known_though_older_ones_are_forgotten()
    {
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1), [new(WindowFunction.Last, TransactionField.Amount, 10)]));
        history.Add(new Payment(100, 1).ToTransaction());
        history.Add(new Payment(100, 2).ToTransaction());
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(100).ToTransaction());
        Assert.Equal(new Shown(WindowStatus.Ok, 0.0002m), WindowTable.Read(reader, 0));
    }

    [Fact]
    public void An_instant_before_what_is_kept_is_not_known()
    {
        var history = new EventHistory(Plan(10));
        history.Add(new Payment(1_000).ToTransaction());
        history.Add(new Payment(5_000).ToTransaction());
        var reader = new WindowReader(history.Plan);
        reader.BeginAt(history, 1_005);
        Assert.Equal(WindowStatus.Forgotten, WindowTable.Read(reader, 0).Status);
    }

    private static WindowPlan Plan(int eventsMax) => new(new(1_000, 100, eventsMax), [new(WindowFunction.Count, TransactionField.None, 10)]);
}
