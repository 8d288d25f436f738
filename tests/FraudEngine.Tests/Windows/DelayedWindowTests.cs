using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>Where a delayed window begins and ends, to the tick.</summary>
public class DelayedWindowTests
{
    private const TransactionField Amount = TransactionField.Amount;
    private const TransactionField Merchant = TransactionField.MerchantId;

    [Theory]
    [InlineData(84, 0)]
    [InlineData(85, 0)]
    [InlineData(86, 1)]
    [InlineData(95, 1)]
    [InlineData(96, 0)]
    [InlineData(100, 0)]
    public void A_delayed_window_excludes_its_start_and_includes_its_end(long earlier, decimal count) =>
        Assert.Equal(new Shown(WindowStatus.Ok, count), WindowTable.LastSees(Spec(WindowFunction.Count, TransactionField.None, 5, 10), new(earlier), new(100)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(1_001, 0)]
    public void A_delay_may_be_as_long_as_the_horizon(long earlier, decimal count) =>
        Assert.Equal(count, WindowTable.LastSees(Spec(WindowFunction.Count, TransactionField.None, 1_000, 1_000), new(earlier), new(2_000)).Number);

    [Theory]
    [InlineData(WindowFunction.Count, TransactionField.None, "3")]
    [InlineData(WindowFunction.Sum, Amount, "0.0006")]
    [InlineData(WindowFunction.Avg, Amount, "0.0002")]
    [InlineData(WindowFunction.Min, Amount, "0.0001")]
    [InlineData(WindowFunction.Max, Amount, "0.0003")]
    [InlineData(WindowFunction.Stddev, Amount, "0.0001")]
    [InlineData(WindowFunction.Last, Amount, "0.0002")]
    [InlineData(WindowFunction.First, Amount, "0.0003")]
    [InlineData(WindowFunction.Distinct, Merchant, "2")]
    [InlineData(WindowFunction.Since, TransactionField.None, "0.0000012")]
    [InlineData(WindowFunction.Rate, TransactionField.None, "0")]
    public void A_delayed_window_sees_neither_the_current_transaction_nor_what_is_too_young(WindowFunction function, TransactionField field, string value) =>
        Assert.Equal(
            new Shown(WindowStatus.Ok, decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)),
            WindowTable.LastSees(
                Spec(function, field, 10, 10),
                new(80, 90, "old"), new(81, 3, "a"), new(84, 1, "b"), new(88, 2, "a"), new(91, 70, "young"), new(100, 80, "now")));

    [Theory]
    [InlineData(WindowFunction.First, "a")]
    [InlineData(WindowFunction.Last, "b")]
    public void Texts_are_found_behind_a_delay(WindowFunction function, string merchant) =>
        Assert.Equal(
            new Shown(WindowStatus.Ok, 0, TextKey.Of(merchant)),
            WindowTable.LastSees(Spec(function, Merchant, 10, 10), new(80, 0, "old"), new(81), new(82, 0, "a"), new(89, 0, "b"), new(90), new(91, 0, "young"), new(100)));

    [Theory]
    [InlineData(WindowFunction.Count, WindowStatus.Ok)]
    [InlineData(WindowFunction.Sum, WindowStatus.Ok)]
    [InlineData(WindowFunction.Stddev, WindowStatus.Ok)]
    [InlineData(WindowFunction.Rate, WindowStatus.Ok)]
    [InlineData(WindowFunction.Frauds, WindowStatus.Ok)]
    [InlineData(WindowFunction.Avg, WindowStatus.Missing)]
    [InlineData(WindowFunction.Min, WindowStatus.Missing)]
    [InlineData(WindowFunction.Max, WindowStatus.Missing)]
    [InlineData(WindowFunction.Last, WindowStatus.Missing)]
    [InlineData(WindowFunction.First, WindowStatus.Missing)]
    [InlineData(WindowFunction.Since, WindowStatus.Missing)]
    [InlineData(WindowFunction.SinceFraud, WindowStatus.Missing)]
    [InlineData(WindowFunction.SinceFirstFraud, WindowStatus.Missing)]
    public void A_delayed_window_may_be_empty(WindowFunction function, WindowStatus status)
    {
        var field = function is WindowFunction.Sum or WindowFunction.Stddev or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max
            or WindowFunction.Last or WindowFunction.First ? Amount : TransactionField.None;
        Assert.Equal(new Shown(status), WindowTable.LastSees(Spec(function, field, 5, 10), new(85, 1), new(96, 1), new(100, 1)));
    }

    [Theory]
    [InlineData(89, "0.0009")]
    [InlineData(90, "0.0003")]
    [InlineData(95, "0.0006")]
    [InlineData(96, "0.0005")]
    [InlineData(100, "0.0003")]
    public void A_late_transaction_and_an_instant_see_the_delayed_window_as_of_their_time(long at, string sum)
    {
        var plan = new WindowPlan(WindowTable.Settings, [Spec(WindowFunction.Sum, Amount, 5, 10)]);
        var history = WindowTable.History(plan, new(75, 8), new(81, 1), new(85, 2), new(90, 3), new Payment(120, 16));
        var shown = new Shown(WindowStatus.Ok, decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture));
        var reader = new WindowReader(plan);
        reader.Begin(history, new Payment(at, 32).ToTransaction());
        Assert.Equal(shown, WindowTable.Read(reader, 0));
        reader.BeginAt(history, at);
        Assert.Equal(shown, WindowTable.Read(reader, 0));
    }

    [Fact]
    public void Delays_and_lengths_that_begin_or_end_at_the_same_instant_do_not_disturb_each_other()
    {
        WindowSpec[] specs =
        [
            Spec(WindowFunction.Sum, Amount, 0, 30), Spec(WindowFunction.Sum, Amount, 10, 20), Spec(WindowFunction.Sum, Amount, 0, 10),
            Spec(WindowFunction.Distinct, Merchant, 10, 20), Spec(WindowFunction.Distinct, Merchant, 0, 30), Spec(WindowFunction.Count, TransactionField.None, 20, 10),
        ];
        var history = WindowTable.History(new WindowPlan(WindowTable.Settings, specs), new(75, 1, "a"), new(85, 2, "b"), new Payment(95, 4, "a"));
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(100, 8, "c").ToTransaction());
        Assert.Equal([0.0015m, 0.0003m, 0.0012m, 2, 3, 1], specs.Select((_, slot) => WindowTable.Read(reader, slot).Number));
    }

    [Theory]
    [InlineData(WindowFunction.Count, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.Rate, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.Since, WindowStatus.Ok)]
    public void A_delayed_window_that_reaches_behind_what_is_kept_is_not_known(WindowFunction function, WindowStatus status)
    {
        var plan = new WindowPlan(new(1_000, 100, 2), [Spec(function, TransactionField.None, 10, 10)]);
        var history = WindowTable.History(plan, new(100), new(101), new Payment(102));
        var reader = new WindowReader(plan);
        reader.Begin(history, new Payment(119).ToTransaction());
        Assert.Equal(status, WindowTable.Read(reader, 0).Status);
        reader.Begin(history, new Payment(120).ToTransaction());
        Assert.Equal(WindowStatus.Ok, WindowTable.Read(reader, 0).Status);
    }

    private static WindowSpec Spec(WindowFunction function, TransactionField field, long delay, long length) => new(function, field, length, null, delay);
}
