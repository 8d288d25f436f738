using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>Windows over what is known to be fraud, and the labels that say so.</summary>
public class FraudWindowTests
{
    private static readonly WindowSpec Rate = new(WindowFunction.Rate, TransactionField.None, 10);
    private static readonly WindowSpec Frauds = new(WindowFunction.Frauds, TransactionField.None, 10);
    private static readonly WindowSpec SinceFraud = new(WindowFunction.SinceFraud, TransactionField.None, 10);
    private static readonly WindowSpec SinceFirstFraud = new(WindowFunction.SinceFirstFraud, TransactionField.None, 10);

    private static readonly Shown None = new(WindowStatus.Missing);

    [Fact]
    public void The_current_transaction_counts_among_all_but_is_not_known_to_be_fraud()
    {
        var history = History([Rate, Frauds, SinceFraud, SinceFirstFraud], 95, 96, 97);
        Assert.Equal([Ok(0), Ok(0), None, None], At(history, 100));
        history.Label(96, 96, true);
        history.Label(97, 97, true);
        Assert.Equal([Ok(2 / 4m), Ok(2), Ok(0.0000003m), Ok(0.0000004m)], At(history, 100));
        Assert.Equal([Ok(2 / 3m), Ok(2), Ok(0.0000003m), Ok(0.0000004m)], AsOf(history, 100));
    }

    [Theory]
    [InlineData(96, 90, 96, 2)]
    [InlineData(99, 90, 99, 3)]
    [InlineData(100, 96, 99, 2)]
    [InlineData(105, 96, 99, 2)]
    [InlineData(106, 99, 99, 1)]
    [InlineData(108, 99, 99, 1)]
    public void A_known_fraud_is_in_a_window_as_any_transaction_is(long at, long oldest, long newest, int count)
    {
        var history = History([Frauds, SinceFraud, SinceFirstFraud], 90, 96, 99);
        history.Label(90, 90, true);
        history.Label(96, 96, true);
        history.Label(99, 99, true);
        Assert.Equal([Ok(count), Ok((at - newest) / 10_000_000m), Ok((at - oldest) / 10_000_000m)], At(history, at));
        Assert.Equal([Ok(0), None, None], At(history, 109));
    }

    [Fact]
    public void A_rate_is_an_exact_quotient_and_0_where_the_window_is_empty()
    {
        var history = History([Rate, Rate with { DelayTicks = 10 }, Rate with { Filter = PaymentFilter.AmountBelow(0) }], 90, 91);
        history.Label(90, 90, true);
        Assert.Equal([Ok(1 / 3m), Ok(0), Ok(0)], At(history, 99));
        Assert.Equal([Ok(0), Ok(1 / 2m), Ok(0)], At(history, 101));
        Assert.Equal([Ok(0), Ok(0), Ok(0)], AsOf(history, 200));
    }

    [Fact]
    public void A_later_label_corrects_an_earlier_one_and_one_that_is_repeated_changes_nothing()
    {
        var history = History([Frauds], 95, 96, 97);
        foreach (var (ticks, isFraud, count) in new[] { (96, true, 1), (96, true, 1), (95, true, 2), (96, false, 1), (96, false, 1), (97, false, 1), (96, true, 2), (95, false, 1) })
        {
            history.Label(ticks, (ulong)ticks, isFraud);
            Assert.Equal([Ok(count)], At(history, 100));
        }
    }

    [Fact]
    public void Of_transactions_of_the_same_time_the_one_with_the_id_gets_the_label()
    {
        var history = new EventHistory(new WindowPlan(WindowTable.Settings, [Frauds, Frauds with { Filter = PaymentFilter.AmountBelow(2) }]));
        foreach (var units in new[] { 1, 2, 3 })
        {
            history.Add(new Payment(95, units).ToTransaction(), (ulong)units);
        }

        history.Label(95, 2, true);
        Assert.Equal([Ok(1), Ok(0)], At(history, 100));
        history.Label(95, 1, true);
        Assert.Equal([Ok(2), Ok(1)], At(history, 100));
        history.Label(95, 2, false);
        Assert.Equal([Ok(1), Ok(1)], At(history, 100));
    }

    [Fact]
    public void A_label_of_what_is_not_there_changes_nothing()
    {
        var history = History([Frauds], 95);
        history.Label(95, 96, true);
        history.Label(94, 95, true);
        history.Label(long.MinValue, 95, true);
        history.Label(long.MaxValue, 95, true);
        Assert.Equal([Ok(0)], At(history, 100));
        History([Frauds]).Label(95, 95, true);
        History([Frauds with { Function = WindowFunction.Count }], 95).Label(95, 95, true);
    }

    [Fact]
    public void A_label_of_what_is_forgotten_changes_nothing()
    {
        var history = History([Frauds], 95);
        history.Add(new Payment(5_000).ToTransaction(), 5_000);
        history.Label(95, 95, true);
        history.Label(5_000, 5_000, true);
        Assert.Equal([Ok(1)], At(history, 5_001));
    }

    [Fact]
    public void Labels_follow_their_transactions_past_late_ones()
    {
        var history = History([Frauds, SinceFraud], 90, 95);
        history.Label(95, 95, true);
        history.Add(new Payment(92).ToTransaction(), 1);
        history.Add(new Payment(95).ToTransaction(), 2);
        history.Add(new Payment(91).ToTransaction(), 3);
        Assert.Equal([Ok(1), Ok(0.0000003m)], At(history, 98));
        history.Label(92, 1, true);
        history.Label(95, 95, false);
        Assert.Equal([Ok(1), Ok(0.0000006m)], At(history, 98));
    }

    [Theory]
    [InlineData(WindowFunction.Rate, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.Frauds, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.SinceFirstFraud, WindowStatus.Forgotten)]
    [InlineData(WindowFunction.SinceFraud, WindowStatus.Ok)]
    public void The_newest_fraud_is_known_though_older_transactions_are_forgotten(WindowFunction function, WindowStatus status)
    {
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1), [new(function, TransactionField.None, 10)]));
        history.Add(new Payment(100).ToTransaction(), 1);
        history.Add(new Payment(101).ToTransaction(), 2);
        Assert.Equal(WindowStatus.Forgotten, At(history, 109)[0].Status);
        history.Label(101, 2, true);
        Assert.Equal(status, At(history, 109)[0].Status);
        Assert.Equal(WindowStatus.Ok, At(history, 110)[0].Status);
    }

    private static EventHistory History(WindowSpec[] specs, params long[] times)
    {
        var history = new EventHistory(new WindowPlan(WindowTable.Settings, specs));
        foreach (var time in times)
        {
            history.Add(new Payment(time).ToTransaction(), (ulong)time);
        }

        return history;
    }

    private static Shown[] At(EventHistory history, long at)
    {
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(at).ToTransaction());
        return Read(reader);
    }

    private static Shown[] AsOf(EventHistory history, long at)
    {
        var reader = new WindowReader(history.Plan);
        reader.BeginAt(history, at);
        return Read(reader);
    }

    private static Shown[] Read(WindowReader reader) => [.. reader.Plan.Specs.Select((_, slot) => WindowTable.Read(reader, slot))];

    private static Shown Ok(decimal number) => new(WindowStatus.Ok, number);
}
