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
    [InlineData(0, 10, 1_100)]
    [InlineData(990, 10, 1_100)]
    [InlineData(991, 10, 1_101)]
    [InlineData(1_000, 1_000, 2_100)]
    public void A_delayed_window_is_kept_for_as_long_as_the_latest_allowed_transaction_can_see_it(long delay, long length, long keptTicks)
    {
        var plan = new WindowPlan(new(1_000, 100, 10), [new(WindowFunction.Count, TransactionField.None, length, null, delay)]);
        Assert.Equal(keptTicks, plan.KeptTicks);
        Assert.Equal(2, WindowTable.History(plan, new(1_000), new(1_000 + keptTicks - 1)).Count);
        Assert.Equal(1, WindowTable.History(plan, new(1_000), new(1_000 + keptTicks)).Count);
    }

    [Fact]
    public void Kept_time_does_not_pass_the_end_of_time()
    {
        var settings = new WindowSettings(long.MaxValue, 100, 10);
        var plan = new WindowPlan(settings, [new(WindowFunction.Count, TransactionField.None, long.MaxValue, null, long.MaxValue), new(WindowFunction.Since, TransactionField.None, 5)]);
        Assert.Equal(long.MaxValue, plan.KeptTicks);
        var history = WindowTable.History(plan, new(1), new Payment(2));
        var reader = new WindowReader(plan);
        reader.Begin(history, new Payment(3).ToTransaction());
        Assert.Equal(new Shown(WindowStatus.Ok), WindowTable.Read(reader, 0));
        Assert.Equal(new Shown(WindowStatus.Ok, 0.0000001m), WindowTable.Read(reader, 1));
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

    [Theory]
    [InlineData(WindowFunction.First, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.Last, WindowStatus.Ok)]
    [InlineData(WindowFunction.Since, WindowStatus.Ok)]
    [InlineData(WindowFunction.Distance, WindowStatus.Ok)]
    public void The_newest_is_known_though_older_ones_are_forgotten_but_the_oldest_is_not(WindowFunction function, WindowStatus status)
    {
        var field = function is WindowFunction.First or WindowFunction.Last ? TransactionField.Amount : TransactionField.None;
        var history = WindowTable.History(
            new WindowPlan(new(1_000, 100, 1), [new(function, field, 10)]), new(100, 1, Position: (1, 1)), new Payment(101, 2, Position: (1, 1)));
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(109, Position: (1, 1)).ToTransaction());
        Assert.Equal(status, WindowTable.Read(reader, 0).Status);
        reader.Begin(history, new Payment(110, Position: (1, 1)).ToTransaction());
        Assert.Equal(WindowStatus.Ok, WindowTable.Read(reader, 0).Status);
    }

    [Fact]
    public void A_position_may_be_among_what_is_forgotten()
    {
        var history = WindowTable.History(
            new WindowPlan(new(1_000, 100, 1), [new(WindowFunction.Speed, TransactionField.None, 10)]), new(100, Position: (1, 1)), new Payment(101));
        var reader = new WindowReader(history.Plan);
        foreach (var (payment, status) in new (Payment, WindowStatus)[]
        {
            (new(109, Position: (1, 1)), WindowStatus.Forgotten), (new(110, Position: (1, 1)), WindowStatus.Missing), (new(109), WindowStatus.Missing),
        })
        {
            reader.Begin(history, payment.ToTransaction());
            Assert.Equal(status, WindowTable.Read(reader, 0).Status);
        }
    }

    [Fact]
    public void Each_filter_has_room_for_as_many_transactions_as_there_is_for_all()
    {
        EventFilter rare = PaymentFilter.AmountBelow(10);
        var plan = new WindowPlan(new(1_000, 100, 2), [new(WindowFunction.Sum, TransactionField.Amount, 500), new(WindowFunction.Sum, TransactionField.Amount, 500, rare)]);
        var history = WindowTable.History(plan, new(100, 1), new(101, 100), new(102, 100), new(103, 2), new(104, 100));
        var reader = new WindowReader(plan);
        reader.Begin(history, new Payment(105, 4).ToTransaction());
        Assert.Equal(WindowStatus.Forgotten, WindowTable.Read(reader, 0).Status);
        Assert.Equal(new Shown(WindowStatus.Ok, 0.0007m), WindowTable.Read(reader, 1));
        history.Add(new Payment(105, 4).ToTransaction());
        reader.Begin(history, new Payment(106, 8).ToTransaction());
        Assert.Equal(WindowStatus.Forgotten, WindowTable.Read(reader, 1).Status);
    }

    [Theory]
    [InlineData(2_099, 1)]
    [InlineData(2_100, 0)]
    public void What_passes_a_filter_is_forgotten_by_the_time_of_all(long at, int count)
    {
        EventFilter rare = PaymentFilter.AmountBelow(10);
        var history = WindowTable.History(
            new WindowPlan(new(1_000, 100, 10), [new(WindowFunction.Count, TransactionField.None, 10, rare)]), new(1_000, 1), new Payment(at, 100));
        Assert.Equal(count, history.Stream(1).Count);
    }

    private static WindowPlan Plan(int eventsMax) => new(new(1_000, 100, eventsMax), [new(WindowFunction.Count, TransactionField.None, 10)]);
}
