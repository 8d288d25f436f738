using FraudEngine.Domain;
using FraudEngine.Tests.Windows.Memory;
using FraudEngine.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Windows;

/// <summary>
/// Whatever comes in whatever order, every window shows what a recount of everything shows; also after the history went through a snapshot or was rebuilt
/// under another plan, as if it had been built from the start under that plan.
/// </summary>
public class WindowPropertyTests
{
    private static readonly long[] Lengths = [1, 7, 30, 100];

    private static readonly (WindowFunction Function, TransactionField Field)[] Functions =
    [
        (WindowFunction.Count, TransactionField.None),
        (WindowFunction.Sum, TransactionField.Amount),
        (WindowFunction.Avg, TransactionField.Amount),
        (WindowFunction.Min, TransactionField.Amount),
        (WindowFunction.Max, TransactionField.Amount),
        (WindowFunction.Stddev, TransactionField.Amount),
        (WindowFunction.Last, TransactionField.Amount),
        (WindowFunction.First, TransactionField.Amount),
        (WindowFunction.Distinct, TransactionField.MerchantId),
        (WindowFunction.Distinct, TransactionField.Channel),
        (WindowFunction.Same, TransactionField.MerchantId),
        (WindowFunction.Same, TransactionField.DeviceId),
        (WindowFunction.Same, TransactionField.Channel),
        (WindowFunction.Last, TransactionField.MerchantId),
        (WindowFunction.Last, TransactionField.DeviceId),
        (WindowFunction.First, TransactionField.MerchantId),
        (WindowFunction.First, TransactionField.DeviceId),
        (WindowFunction.Since, TransactionField.None),
        (WindowFunction.Distance, TransactionField.None),
        (WindowFunction.Speed, TransactionField.None),
    ];

    private static readonly WindowFunction[] OverFrauds =
        [WindowFunction.Rate, WindowFunction.Frauds, WindowFunction.SinceFraud, WindowFunction.SinceFirstFraud];

    /// <summary>Some that overlap, one that everything passes, and one that nothing passes.</summary>
    private static readonly EventFilter[] Filters =
    [
        PaymentFilter.AmountBelow(75_000),
        PaymentFilter.AmountBelow(12_500),
        PaymentFilter.On(Channel.Online),
        PaymentFilter.AmountBelow(long.MaxValue),
        PaymentFilter.AmountBelow(0),
    ];

    private static readonly WindowSpec[] Specs = [.. from length in Lengths from window in Functions select new WindowSpec(window.Function, window.Field, length)];

    private static readonly WindowSpec[] Filtered =
        [.. from filter in Filters from length in Lengths.Skip(1) from window in Functions select new WindowSpec(window.Function, window.Field, length, filter)];

    private static readonly WindowSpec[] Labelled =
    [
        .. from filter in Filters.Take(3).Prepend(null)
           from length in Lengths
           from function in OverFrauds
           select new WindowSpec(function, TransactionField.None, length, filter),
    ];

    private static readonly WindowSpec[] Delayed =
    [
        .. from filter in Filters.Take(3).Prepend(null)
           from at in new (long Delay, long Length)[] { (1, 7), (30, 30), (7, 100), (100, 1), (100, 100) }
           from window in Functions.Concat(OverFrauds.Select(function => (Function: function, Field: TransactionField.None)))
           where window.Function is not (WindowFunction.Distance or WindowFunction.Speed)
           select new WindowSpec(window.Function, window.Field, at.Length, filter, at.Delay),
    ];

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 0)]
    [InlineData(30, 200)]
    [InlineData(1_000, 20)]
    public void Windows_show_what_a_recount_shows(int eventsMax, long lateness) => Check(60, 200, Plan(Specs, eventsMax, lateness));

    [Theory]
    [InlineData(150, 50)]
    [InlineData(100_000, 1_000)]
    public void Long_histories_show_what_a_recount_shows(int eventsMax, long lateness) => Check(8, 900, Plan(Specs, eventsMax, lateness));

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 0)]
    [InlineData(30, 200)]
    [InlineData(1_000, 20)]
    public void Filtered_windows_show_what_a_recount_shows(int eventsMax, long lateness) => Check(40, 200, Plan([.. Specs, .. Filtered], eventsMax, lateness));

    [Fact]
    public void Filtered_windows_alone_show_what_a_recount_shows() => Check(4, 900, Plan(Filtered, 100, 50));

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 0)]
    [InlineData(30, 200)]
    [InlineData(1_000, 20)]
    public void Windows_over_frauds_show_what_a_recount_shows(int eventsMax, long lateness) => Check(40, 250, Plan(Labelled, eventsMax, lateness));

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 0)]
    [InlineData(30, 200)]
    [InlineData(1_000, 20)]
    public void Delayed_windows_show_what_a_recount_shows(int eventsMax, long lateness) =>
        Check(40, 250, Plan([.. Delayed, .. Specs, .. Labelled], eventsMax, lateness));

    [Theory]
    [InlineData(150, 50)]
    [InlineData(100_000, 1_000)]
    public void Delayed_windows_alone_show_what_a_recount_shows_over_a_long_time(int eventsMax, long lateness) =>
        Check(4, 900, Plan(Delayed, eventsMax, lateness));

    [Fact]
    public void Any_part_of_the_windows_shows_what_a_recount_shows()
    {
        var part = Gen.SubListOf(Specs.Concat(Filtered).Concat(Labelled).Concat(Delayed)).ToArbitrary();
        Prop.ForAll(part, specs => Check(2, 150, Plan(specs, 50, 20))).QuickCheckThrowOnFailure();
    }

    private static WindowPlan Plan(IEnumerable<WindowSpec> specs, int eventsMax, long lateness) => new(new WindowSettings(100, lateness, eventsMax), specs);

    private static void Check(int runs, int stepsMax, WindowPlan plan)
    {
        var steps = Arb.From(Gen.Choose(0, int.MaxValue).ListOf(stepsMax).Select(list => list.ToArray()), WithoutAPart);
        Prop.ForAll(steps, seeds => Play(plan, seeds)).Check(Property.Runs(runs));
    }

    private static void Play(WindowPlan plan, int[] seeds)
    {
        var memory = new CheckedMemory();
        new WindowRun(plan, memory).Play(seeds);
        Assert.Equal((0, 0), (memory.Left, memory.BytesLeft));
    }

    /// <summary>Shrinks to a half, or by one step.</summary>
    private static IEnumerable<int[]> WithoutAPart(int[] seeds)
    {
        yield return seeds[..(seeds.Length / 2)];
        yield return seeds[(seeds.Length / 2)..];
        for (var i = 0; i < seeds.Length; i++)
        {
            yield return [.. seeds[..i], .. seeds[(i + 1)..]];
        }
    }
}
