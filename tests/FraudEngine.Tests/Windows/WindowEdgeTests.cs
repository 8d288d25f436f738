using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class WindowEdgeTests
{
    private const TransactionField Amount = TransactionField.Amount;

    [Theory]
    [InlineData(89, 1)]
    [InlineData(90, 1)]
    [InlineData(91, 2)]
    [InlineData(99, 2)]
    [InlineData(100, 2)]
    public void A_window_excludes_its_start_and_includes_its_end(long earlier, decimal count) =>
        Assert.Equal(count, WindowTable.LastSees(WindowFunction.Count, TransactionField.None, 10, new(earlier), new(100)).Number);

    [Theory]
    [InlineData(99, 2)]
    [InlineData(100, 3)]
    [InlineData(104, 3)]
    [InlineData(105, 2)]
    [InlineData(109, 2)]
    [InlineData(110, 1)]
    public void A_late_transaction_sees_the_window_as_of_its_own_time(long at, decimal count) =>
        Assert.Equal(count, WindowTable.LastSees(WindowFunction.Count, TransactionField.None, 10, new(95), new(100), new(120), new(at)).Number);

    [Fact]
    public void A_window_sees_earlier_arrivals_of_the_same_time() =>
        Assert.Equal(3, WindowTable.LastSees(WindowFunction.Count, TransactionField.None, 10, new(50), new(50), new(50)).Number);

    [Fact]
    public void A_later_window_includes_a_late_transaction() =>
        Assert.Equal(0.0006m, WindowTable.LastSees(WindowFunction.Sum, Amount, 10, new(100, 1), new(95, 2), new(101, 3)).Number);

    [Theory]
    [InlineData(WindowFunction.Sum, "0.0006")]
    [InlineData(WindowFunction.Avg, "0.0002")]
    [InlineData(WindowFunction.Min, "0.0001")]
    [InlineData(WindowFunction.Max, "0.0003")]
    [InlineData(WindowFunction.Stddev, "0.0001")]
    [InlineData(WindowFunction.Last, "0.0001")]
    public void An_amount_is_in_units_of_its_currency(WindowFunction function, string value) =>
        Assert.Equal(
            decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            WindowTable.LastSees(function, Amount, 10, new(1, 2), new(2, 1), new(3, 3)).Number);

    [Fact]
    public void The_first_transaction_has_nothing_last() =>
        Assert.Equal(new Shown(WindowStatus.Missing), WindowTable.LastSees(WindowFunction.Last, Amount, 10, new Payment(1, 5)));

    [Fact]
    public void Last_passes_over_what_lacks_the_field() =>
        Assert.Equal(
            new Shown(WindowStatus.Ok, 0, TextKey.Of("a")),
            WindowTable.LastSees(WindowFunction.Last, TransactionField.MerchantId, 10, new(1, 0, "a"), new(2), new(3, 0, "b")));

    [Theory]
    [InlineData("", 2)]
    [InlineData("a", 2)]
    [InlineData("c", 3)]
    [InlineData("old", 3)]
    public void Distinct_counts_each_present_text_once(string current, decimal count)
    {
        Payment[] payments = [new(1, 0, "old"), new(11, 0, "a"), new(11, 0, "b"), new(12, 0, "a"), new(12), new(13, 0, current)];
        Assert.Equal(count, WindowTable.LastSees(WindowFunction.Distinct, TransactionField.MerchantId, 10, payments).Number);
    }

    [Fact]
    public void An_instant_with_nothing_in_the_window_has_no_average()
    {
        WindowFunction[] functions =
            [WindowFunction.Sum, WindowFunction.Avg, WindowFunction.Min, WindowFunction.Max, WindowFunction.Stddev, WindowFunction.Last];
        var history = new EventHistory(new WindowPlan(WindowTable.Settings, functions.Select(function => new WindowSpec(function, Amount, 10))));
        var reader = new WindowReader(history.Plan);
        foreach (var asOf in new[] { long.MinValue, 0, long.MaxValue })
        {
            reader.BeginAt(history, asOf);
            var statuses = functions.Select((_, slot) => WindowTable.Read(reader, slot).Status);
            Assert.Equal([WindowStatus.Ok, WindowStatus.Missing, WindowStatus.Missing, WindowStatus.Missing, WindowStatus.Ok, WindowStatus.Missing], statuses);
        }
    }

    [Fact]
    public void Windows_are_right_after_a_transaction_that_was_never_added()
    {
        var history = new EventHistory(new WindowPlan(WindowTable.Settings, [new(WindowFunction.Sum, Amount, 10)]));
        var reader = new WindowReader(history.Plan);
        history.Add(new Payment(100, 1).ToTransaction());
        foreach (var (at, sum) in new[] { (500, 0.0002m), (105, 0.0003m), (109, 0.0003m), (110, 0.0002m) })
        {
            reader.Begin(history, new Payment(at, 2).ToTransaction());
            Assert.Equal(sum, WindowTable.Read(reader, 0).Number);
        }
    }

    [Theory]
    [InlineData(WindowFunction.None, TransactionField.None, 10)]
    [InlineData(WindowFunction.Count, TransactionField.Amount, 10)]
    [InlineData(WindowFunction.Sum, TransactionField.MerchantId, 10)]
    [InlineData(WindowFunction.Distinct, TransactionField.Amount, 10)]
    [InlineData(WindowFunction.Last, TransactionField.Timestamp, 10)]
    [InlineData(WindowFunction.Count, TransactionField.None, 0)]
    [InlineData(WindowFunction.Count, TransactionField.None, 1_001)]
    public void A_plan_refuses_what_is_not_a_window(WindowFunction function, TransactionField field, long length) =>
        Assert.Throws<ArgumentException>(() => new WindowPlan(WindowTable.Settings, [new WindowSpec(function, field, length)]));
}
