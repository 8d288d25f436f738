using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>Several plans at a time: unions, readers of a part, and histories that go over to another plan.</summary>
public class WindowPlanTests
{
    private static readonly EventFilter Small = PaymentFilter.AmountBelow(500);
    private static readonly WindowSpec Count = new(WindowFunction.Count, TransactionField.None, 10);
    private static readonly WindowSpec Sum = new(WindowFunction.Sum, TransactionField.Amount, 10);
    private static readonly WindowSpec Merchants = new(WindowFunction.Distinct, TransactionField.MerchantId, 10);
    private static readonly WindowSpec Distance = new(WindowFunction.Distance, TransactionField.None, 10);

    private static readonly WindowSpec Rate = new(WindowFunction.Rate, TransactionField.None, 10);

    private static readonly Payment[] Payments = [new(1, 1, "a"), new(2, 900, "b"), new(3, 2, "a", Position: (5, 5))];

    [Fact]
    public void A_union_has_the_windows_of_both_and_those_of_the_first_in_their_slots()
    {
        var union = WindowPlan.Union(Plan(Sum, Count), Plan(Merchants, Count, Sum with { Filter = Small }));
        Assert.Equal([Sum, Count, Merchants, Sum with { Filter = Small }], union.Specs.ToArray());
        Assert.Equal(WindowTable.Settings, union.Settings);
    }

    [Fact]
    public void A_union_with_a_part_is_the_same_plan()
    {
        var plan = Plan(Sum, Count);
        Assert.Same(plan, WindowPlan.Union(plan, Plan(Count)));
        Assert.Same(plan, WindowPlan.Union(plan, Plan()));
    }

    [Fact]
    public void Plans_of_different_settings_have_no_union() =>
        Assert.Throws<ArgumentException>(() => WindowPlan.Union(Plan(Sum), new WindowPlan(WindowTable.Settings with { EventsMax = 7 }, [Sum])));

    [Fact]
    public void A_plan_contains_a_part_in_any_order()
    {
        var plan = Plan(Sum, Count, Merchants with { Filter = Small });
        Assert.True(plan.Contains(plan));
        Assert.True(plan.Contains(Plan()));
        Assert.True(plan.Contains(Plan(Merchants with { Filter = PaymentFilter.AmountBelow(500) }, Sum)));
        Assert.False(plan.Contains(Plan(Merchants)));
        Assert.False(plan.Contains(Plan(Merchants with { Filter = PaymentFilter.AmountBelow(501) })));
        Assert.False(plan.Contains(Plan(Sum with { LengthTicks = 11 })));
    }

    [Fact]
    public void A_reader_finds_its_windows_in_any_plan_that_contains_them()
    {
        WindowSpec[] specs = [Sum with { Filter = Small }, Merchants, Count];
        var reader = new WindowReader(Plan(specs));
        foreach (var order in new WindowSpec[][] { specs, [Count, Sum, specs[0], Distance, Merchants], [Merchants, Count, specs[0]] })
        {
            reader.Begin(WindowTable.History(Plan(order), Payments), new Payment(4, 4, "c").ToTransaction());
            Assert.Equal([0.0007m, 3, 4], specs.Select((_, slot) => WindowTable.Read(reader, slot).Number));
        }
    }

    [Fact]
    public void A_reader_refuses_a_history_that_lacks_a_window_and_serves_the_next()
    {
        var reader = new WindowReader(Plan(Count, Sum));
        var lacking = WindowTable.History(Plan(Count), Payments);
        var exception = Assert.Throws<InvalidOperationException>(() => reader.Begin(lacking, Payments[0].ToTransaction()));
        Assert.Contains("Sum", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => reader.BeginAt(lacking, 5));
        reader.BeginAt(WindowTable.History(Plan(Sum, Count), Payments), 5);
        Assert.Equal(3, WindowTable.Read(reader, 0).Number);
    }

    [Fact]
    public void A_reader_allocates_nothing_while_histories_of_a_few_plans_alternate()
    {
        EventHistory[] histories = [.. Enumerable.Range(1, 8).Select(i => WindowTable.History(Plan(Sum with { LengthTicks = i }, Count, Sum), Payments))];
        var reader = new WindowReader(Plan(Count, Sum));
        var transaction = new Payment(4, 4).ToTransaction();
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Read()
        {
            foreach (var history in histories)
            {
                reader.Begin(history, transaction);
                reader.Number(1, out _);
            }
        }
    }

    [Fact]
    public void A_reader_serves_more_plans_than_it_remembers()
    {
        var reader = new WindowReader(Plan(Sum));
        for (var round = 0; round < 2; round++)
        {
            for (var i = 1; i < 30; i++)
            {
                reader.BeginAt(WindowTable.History(Plan([.. Enumerable.Range(100, i).Select(length => Sum with { LengthTicks = length }), Sum]), Payments), 5);
                Assert.Equal(0.0903m, WindowTable.Read(reader, 0).Number);
            }
        }
    }

    [Theory]
    [InlineData(WindowFunction.Avg, TransactionField.Amount, false, true)]
    [InlineData(WindowFunction.First, TransactionField.MerchantId, false, true)]
    [InlineData(WindowFunction.Since, TransactionField.None, false, true)]
    [InlineData(WindowFunction.Max, TransactionField.Amount, true, true)]
    [InlineData(WindowFunction.Last, TransactionField.DeviceId, false, false)]
    [InlineData(WindowFunction.Speed, TransactionField.None, false, false)]
    [InlineData(WindowFunction.Last, TransactionField.MerchantId, true, false)]
    public void A_history_goes_over_to_a_plan_whose_fields_and_filters_it_keeps(WindowFunction function, TransactionField field, bool isFiltered, bool canGo)
    {
        var spec = new WindowSpec(function, field, 50, isFiltered ? Small : null);
        var history = WindowTable.History(Plan(Sum, Merchants, Sum with { Filter = Small }), Payments);
        var rebuilt = history.Rebuild(Plan(spec, Count));
        Assert.Equal(canGo, rebuilt is not null);
        if (rebuilt is not null)
        {
            Assert.Equal(Shown(WindowTable.History(Plan(spec, Count), Payments)), Shown(rebuilt));
        }

        Assert.Equal(Shown(WindowTable.History(history.Plan, Payments)), Shown(history));
    }

    [Fact]
    public void A_history_does_not_go_over_to_an_unknown_filter_or_a_longer_time()
    {
        var history = WindowTable.History(Plan(Sum), Payments);
        Assert.Null(history.Rebuild(Plan(Sum with { Filter = Small })));
        Assert.Null(history.Rebuild(new WindowPlan(WindowTable.Settings with { HorizonTicks = 1_001 }, [Sum])));
        Assert.Null(history.Rebuild(new WindowPlan(WindowTable.Settings with { AllowedLatenessTicks = 101 }, [Sum])));
        Assert.NotNull(history.Rebuild(new WindowPlan(WindowTable.Settings with { HorizonTicks = 999 }, [Sum])));
    }

    [Fact]
    public void A_history_goes_over_to_a_plan_without_labels_but_not_back()
    {
        var history = WindowTable.History(Plan(Sum, Rate, Rate with { Filter = Small }, Sum with { Filter = Small }), Payments);
        history.Label(1, 0, true);
        history.Label(2, 0, true);
        var less = history.Rebuild(Plan(Sum, Sum with { Filter = Small }))!;
        Assert.Equal(3, less.Count);
        Assert.Null(less.Rebuild(Plan(Rate)));
        Assert.Null(less.Rebuild(Plan(Sum, Rate with { Filter = Small })));

        var same = history.Rebuild(Plan(Rate with { Filter = Small }, Rate with { Function = WindowFunction.Frauds }))!;
        same.Label(2, 0, false);
        Assert.Equal([1 / 3m, 1], Shown(same).Select(shown => shown.Number));
        Assert.Equal([1 / 3m, 2], Shown(history.Rebuild(same.Plan)!).Select(shown => shown.Number));
    }

    [Fact]
    public void A_history_goes_over_to_a_delay_for_which_it_keeps_enough()
    {
        var delayed = Plan(Sum with { DelayTicks = 991 });
        var history = WindowTable.History(Plan(Sum), Payments);
        Assert.Null(history.Rebuild(delayed));
        Assert.NotNull(history.Rebuild(Plan(Sum with { DelayTicks = 990 })));
        var rebuilt = WindowTable.History(delayed, Payments).Rebuild(Plan(Sum with { DelayTicks = 1 }))!;
        Assert.Equal(0.0903m, Shown(rebuilt)[0].Number);
        Assert.True(WindowPlan.Union(Plan(Sum), delayed).Contains(delayed));
        Assert.False(Plan(Sum).Contains(delayed));
    }

    [Fact]
    public void A_history_goes_over_to_fewer_transactions_but_to_more_only_where_none_is_missing()
    {
        WindowSettings settings = new(1_000, 100, 2);
        var full = WindowTable.History(new WindowPlan(settings, [Sum]), Payments);
        Assert.Null(full.Rebuild(new WindowPlan(settings with { EventsMax = 3 }, [Sum])));
        Assert.Equal(1, full.Rebuild(new WindowPlan(settings with { EventsMax = 1 }, [Sum]))!.Count);
        Assert.NotNull(WindowTable.History(full.Plan, Payments[..2]).Rebuild(new WindowPlan(settings with { EventsMax = 3 }, [Sum])));

        // What was forgotten for lack of room is by now too old for any plan of that time.
        full.Add(new Payment(1_101).ToTransaction());
        full.Add(new Payment(1_102).ToTransaction());
        Assert.Null(full.Rebuild(new WindowPlan(settings with { EventsMax = 3 }, [Sum])));
        full.Add(new Payment(1_103).ToTransaction());
        full.Add(new Payment(5_000).ToTransaction());
        Assert.NotNull(full.Rebuild(new WindowPlan(settings with { EventsMax = 3 }, [Sum])));
    }

    [Fact]
    public void A_history_into_which_nothing_came_goes_over_to_any_plan()
    {
        var rebuilt = new EventHistory(Plan(Sum)).Rebuild(new WindowPlan(WindowSettings.Default, [Distance, Sum with { Filter = Small }]));
        Assert.Equal(WindowSettings.Default, rebuilt!.Plan.Settings);
    }

    private static WindowPlan Plan(params WindowSpec[] specs) => new(WindowTable.Settings, specs);

    private static List<Shown> Shown(EventHistory history)
    {
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(4, 4, "c", Position: (6, 6)).ToTransaction());
        return [.. history.Plan.Specs.Select((_, slot) => WindowTable.Read(reader, slot))];
    }
}
