using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class WindowEdgeTests
{
    private const TransactionField Amount = TransactionField.Amount;

    private static readonly (int, int) Brussels = (508_503_396, 43_517_103);
    private static readonly (int, int) Paris = (488_566_140, 23_522_219);
    private static readonly (int, int) Sydney = (-338_688_197, 1_512_092_955);
    private static readonly EventFilter Below100 = PaymentFilter.AmountBelow(100);

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

    [Theory]
    [InlineData(94, 1)]
    [InlineData(99, 2)]
    [InlineData(104, 3)]
    [InlineData(105, 2)]
    [InlineData(110, 1)]
    [InlineData(120, 2)]
    public void A_late_transaction_counts_the_same_as_of_its_own_time(long at, decimal count) => Assert.Equal(
        count,
        WindowTable.LastSees(
            WindowFunction.Same, TransactionField.MerchantId, 10, new(95, Merchant: "m"), new(97, Merchant: "n"), new(98), new(100, Merchant: "m"), new(120, Merchant: "m"), new(at, Merchant: "m"))
            .Number);

    [Fact]
    public void Nothing_is_the_same_as_what_is_not_given() =>
        Assert.Equal(new Shown(WindowStatus.Missing), WindowTable.LastSees(WindowFunction.Same, TransactionField.MerchantId, 10, new(1, Merchant: "m"), new(2), new(3)));

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
    [InlineData(WindowFunction.First, "0.0002")]
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
    [InlineData(1, "a")]
    [InlineData(2, "b")]
    [InlineData(3, "b")]
    [InlineData(4, "b")]
    [InlineData(5, null)]
    [InlineData(6, null)]
    public void First_is_the_oldest_in_the_window_that_has_the_field(long start, string? merchant) =>
        Assert.Equal(
            merchant is null ? new Shown(WindowStatus.Missing) : new Shown(WindowStatus.Ok, 0, TextKey.Of(merchant)),
            WindowTable.LastSees(
                WindowFunction.First, TransactionField.MerchantId, 10, new(start - 1, 0, "out"), new(2, 0, "a"), new(3), new(5, 0, "b"), new(6), new(start + 10, 0, "now")));

    [Theory]
    [InlineData(100, "0")]
    [InlineData(101, "0.0000001")]
    [InlineData(109, "0.0000009")]
    [InlineData(110, null)]
    [InlineData(99, "0.0000004")]
    public void Since_counts_from_the_newest_before_in_the_window(long at, string? seconds) =>
        Assert.Equal(
            seconds is null ? new Shown(WindowStatus.Missing) : new Shown(WindowStatus.Ok, decimal.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)),
            WindowTable.LastSees(WindowFunction.Since, TransactionField.None, 10, new(95), new(100), new(at)));

    [Fact]
    public void Since_is_in_seconds() =>
        Assert.Equal(
            new Shown(WindowStatus.Ok, 90_061.0000001m),
            Sees(new(WindowFunction.Since, TransactionField.None, 30 * TimeSpan.TicksPerDay), new(5), new(5 + TimeSpan.TicksPerDay + TimeSpan.TicksPerHour + TimeSpan.TicksPerMinute + TimeSpan.TicksPerSecond + 1)));

    [Theory]
    [InlineData(1, "950319.636")]
    [InlineData(TimeSpan.TicksPerSecond, "950319.636")]
    [InlineData(TimeSpan.TicksPerHour / 2, "527.955")]
    [InlineData(TimeSpan.TicksPerHour - 1, "263.978")]
    [InlineData(TimeSpan.TicksPerHour, null)]
    public void A_way_leads_from_the_newest_position_in_the_window(long later, string? speed)
    {
        Payment[] payments = [new(0, Position: Sydney), new(1, Position: Brussels), new(1), new(1 + later, Position: Paris)];
        Assert.Equal(
            speed is null ? new Shown(WindowStatus.Missing) : new Shown(WindowStatus.Ok, 263.978m),
            Sees(new(WindowFunction.Distance, TransactionField.None, TimeSpan.TicksPerHour), payments));
        Assert.Equal(
            speed is null ? new Shown(WindowStatus.Missing) : new Shown(WindowStatus.Ok, decimal.Parse(speed, System.Globalization.CultureInfo.InvariantCulture)),
            Sees(new(WindowFunction.Speed, TransactionField.None, TimeSpan.TicksPerHour), payments));
    }

    [Theory]
    [InlineData(WindowFunction.Distance)]
    [InlineData(WindowFunction.Speed)]
    public void There_is_no_way_without_a_position_at_both_ends(WindowFunction function)
    {
        var none = new Shown(WindowStatus.Missing);
        Assert.Equal(none, WindowTable.LastSees(function, TransactionField.None, 10, new Payment(1, Position: Paris)));
        Assert.Equal(none, WindowTable.LastSees(function, TransactionField.None, 10, new(1), new(2, Position: Paris)));
        Assert.Equal(none, WindowTable.LastSees(function, TransactionField.None, 10, new(1, Position: Paris), new Payment(2)));
        Assert.Equal(new Shown(WindowStatus.Ok), WindowTable.LastSees(function, TransactionField.None, 10, new(1, Position: Paris), new(2, Position: Paris)));
        Assert.Equal(new Shown(WindowStatus.Ok), WindowTable.LastSees(function, TransactionField.None, 10, new(1, Position: (0, 0)), new(2, Position: (0, 0))));
    }

    [Theory]
    [InlineData(99, 3)]
    [InlineData(100, 2)]
    [InlineData(101, 2)]
    public void A_filtered_window_counts_the_current_transaction_only_where_it_passes(long units, decimal count) =>
        Assert.Equal(count, WindowTable.LastSees(new WindowSpec(WindowFunction.Count, TransactionField.None, 10, Below100), new(1, 1), new(1, 100), new(2, 99), new(3, units)).Number);

    [Theory]
    [InlineData(WindowFunction.Count, WindowStatus.Ok)]
    [InlineData(WindowFunction.Sum, WindowStatus.Ok)]
    [InlineData(WindowFunction.Stddev, WindowStatus.Ok)]
    [InlineData(WindowFunction.Avg, WindowStatus.Missing)]
    [InlineData(WindowFunction.Min, WindowStatus.Missing)]
    [InlineData(WindowFunction.Max, WindowStatus.Missing)]
    [InlineData(WindowFunction.Last, WindowStatus.Missing)]
    [InlineData(WindowFunction.First, WindowStatus.Missing)]
    [InlineData(WindowFunction.Since, WindowStatus.Missing)]
    [InlineData(WindowFunction.Distance, WindowStatus.Missing)]
    public void A_window_in_which_nothing_passes_the_filter_is_empty(WindowFunction function, WindowStatus status)
    {
        var field = function is WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance ? TransactionField.None : Amount;
        Assert.Equal(new Shown(status), WindowTable.LastSees(new WindowSpec(function, field, 10, Below100), new(1, 100, Position: Paris), new(2, 100, Position: Paris)));
    }

    [Theory]
    [InlineData(WindowFunction.Last, TransactionField.Amount, "0.0099")]
    [InlineData(WindowFunction.First, TransactionField.Amount, "0.0001")]
    [InlineData(WindowFunction.Since, TransactionField.None, "0.0000003")]
    [InlineData(WindowFunction.Distance, TransactionField.None, "263.978")]
    public void What_came_before_is_seen_by_one_that_does_not_pass_the_filter(WindowFunction function, TransactionField field, string value) =>
        Assert.Equal(
            decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            WindowTable.LastSees(
                new WindowSpec(function, field, 10, Below100),
                new(1, 100, Position: Sydney), new(1, 1, Position: Brussels), new(2, 99), new(3, 100, Position: Sydney), new(5, 100, Position: Paris)).Number);

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
    public void An_instant_has_no_position_but_a_time()
    {
        WindowSpec[] specs = [new(WindowFunction.Since, TransactionField.None, 10), new(WindowFunction.Distance, TransactionField.None, 10), new(WindowFunction.Speed, TransactionField.None, 10)];
        var history = WindowTable.History(new WindowPlan(WindowTable.Settings, specs), new Payment(100, Position: Paris));
        var reader = new WindowReader(history.Plan);
        foreach (var (at, since) in new (long, Shown)[] { (99, new(WindowStatus.Missing)), (100, new(WindowStatus.Ok)), (109, new(WindowStatus.Ok, 0.0000009m)), (110, new(WindowStatus.Missing)) })
        {
            reader.BeginAt(history, at);
            Assert.Equal([since, new(WindowStatus.Missing), new(WindowStatus.Missing)], specs.Select((_, slot) => WindowTable.Read(reader, slot)));
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
    [InlineData(WindowFunction.First, TransactionField.Latitude, 10)]
    [InlineData(WindowFunction.Since, TransactionField.Amount, 10)]
    [InlineData(WindowFunction.Distance, TransactionField.Latitude, 10)]
    [InlineData(WindowFunction.Speed, TransactionField.MerchantId, 10)]
    [InlineData(WindowFunction.Count, TransactionField.None, 0)]
    [InlineData(WindowFunction.Count, TransactionField.None, 1_001)]
    [InlineData(WindowFunction.Count, TransactionField.None, 10, -1)]
    [InlineData(WindowFunction.Count, TransactionField.None, 10, 1_001)]
    [InlineData(WindowFunction.Distance, TransactionField.None, 10, 1)]
    [InlineData(WindowFunction.Speed, TransactionField.None, 10, 1)]
    [InlineData(WindowFunction.Rate, TransactionField.Amount, 10)]
    [InlineData(WindowFunction.Frauds, TransactionField.MerchantId, 10)]
    [InlineData(WindowFunction.SinceFraud, TransactionField.Amount, 10)]
    [InlineData(WindowFunction.SinceFirstFraud, TransactionField.Timestamp, 10)]
    public void A_plan_refuses_what_is_not_a_window(WindowFunction function, TransactionField field, long length, long delay = 0) =>
        Assert.Throws<ArgumentException>(() => new WindowPlan(WindowTable.Settings, [new WindowSpec(function, field, length, null, delay)]));

    private static Shown Sees(WindowSpec spec, params Payment[] payments)
    {
        var history = WindowTable.History(new WindowPlan(WindowSettings.Default, [spec]), payments[..^1]);
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, payments[^1].ToTransaction());
        return WindowTable.Read(reader, 0);
    }
}
