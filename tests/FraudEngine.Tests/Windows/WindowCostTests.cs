using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>What windows cost: allocated bytes, and work that does not grow with the history.</summary>
public class WindowCostTests
{
    /// <summary>Of a history without transactions, under a plan of <see cref="Specs"/>.</summary>
    private const long EmptyBytes = 672;

    private static readonly WindowSpec[] Specs =
    [
        .. from length in new long[] { 10, 100, 1_000 }
           from window in new[]
           {
               new WindowSpec(WindowFunction.Count, TransactionField.None, length),
               new WindowSpec(WindowFunction.Sum, TransactionField.Amount, length),
               new WindowSpec(WindowFunction.Stddev, TransactionField.Amount, length),
               new WindowSpec(WindowFunction.Min, TransactionField.Amount, length),
               new WindowSpec(WindowFunction.Max, TransactionField.Amount, length),
               new WindowSpec(WindowFunction.Distinct, TransactionField.MerchantId, length),
               new WindowSpec(WindowFunction.Last, TransactionField.DeviceId, length),
           }
           select window,
    ];

    [Fact]
    public void Reading_and_adding_allocates_nothing_in_the_steady_state()
    {
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000), Specs));
        var reader = new WindowReader(history.Plan);
        Transaction[] transactions = [.. Enumerable.Range(0, 64).Select(i => new Payment(0, i * 37 % 101, $"m{i * 29 % 31}", $"d{i % 7}").ToTransaction())];
        Play(history, reader, transactions, 0, 4_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Play(history, reader, transactions, 4_000, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Filters_and_ways_allocate_nothing_in_the_steady_state()
    {
        EventFilter[] filters = [PaymentFilter.AmountBelow(50), PaymentFilter.AmountBelow(3), PaymentFilter.AmountBelow(0)];
        WindowSpec[] more =
        [
            .. from length in new long[] { 10, 1_000 }
               from window in new[]
               {
                   new WindowSpec(WindowFunction.First, TransactionField.DeviceId, length),
                   new WindowSpec(WindowFunction.Since, TransactionField.None, length),
                   new WindowSpec(WindowFunction.Distance, TransactionField.None, length),
                   new WindowSpec(WindowFunction.Speed, TransactionField.None, length),
               }
               select window,
        ];
        WindowSpec[] specs = [.. Specs, .. more, .. from filter in filters from spec in Specs.Concat(more) select spec with { Filter = filter }];
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000), specs));
        var reader = new WindowReader(new WindowPlan(history.Plan.Settings, specs.Reverse()));
        Transaction[] transactions =
        [
            .. Enumerable.Range(0, 64).Select(
                i => new Payment(0, i * 37 % 101, $"m{i * 29 % 31}", i % 9 == 0 ? "d" : "", Position: i % 7 == 0 ? (i, -i) : null).ToTransaction()),
        ];
        Play(history, reader, transactions, 0, 4_000);

        // What the runtime itself allocates now and then, as when it compiles a method again, is not in every run.
        var allocated = Enumerable.Range(1, 3).Min(run =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Play(history, reader, transactions, run * 20_000, (run + 1) * 20_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>An empty history is what most of a million accounts hold; each of these figures is that of the engine before there were filters, or less.</summary>
    [Fact]
    public void A_history_takes_no_more_memory_than_its_plan_needs()
    {
        var withoutFilters = new WindowPlan(new(1_000, 100, 1_000), Specs);
        Assert.InRange(BytesOf(withoutFilters, 0), 0, EmptyBytes);

        // A filter that nothing has passed takes its place in an array.
        EventFilter[] filters = [.. Enumerable.Range(1, 10).Select(units => PaymentFilter.AmountBelow(-units))];
        var withFilters = new WindowPlan(withoutFilters.Settings, [.. Specs, .. from filter in filters from spec in Specs select spec with { Filter = filter }]);
        Assert.InRange(BytesOf(withFilters, 0), 0, EmptyBytes + 24 + (filters.Length * 8));
        Assert.InRange(BytesOf(withFilters, 100), 0, BytesOf(withoutFilters, 100) + 24 + (filters.Length * 8));
    }

    [Fact]
    public void A_filters_transactions_give_back_their_memory_when_they_are_too_old()
    {
        var plan = new WindowPlan(new(1_000, 100, 100_000), [.. Specs, .. Specs.Select(spec => spec with { Filter = PaymentFilter.AmountBelow(10) })]);
        var history = new EventHistory(plan);
        for (var i = 0; i < 50_000; i++)
        {
            history.Add(new Payment(500, 5).ToTransaction());
        }

        Assert.InRange(history.Stream(1).Columns.Capacity, 50_000, 100_000);
        history.Add(new Payment(5_000, 50).ToTransaction());
        Assert.Equal(0, history.Stream(1).Count);
        Assert.InRange(history.Stream(1).Columns.Capacity, 0, 64);
    }

    [Fact]
    public void The_first_with_a_rare_field_is_found_without_a_search()
    {
        // Half of these have to be passed over by each of the reads: as a search that is 2 billion steps for each window.
        const int count = 200_000;
        var plan = new WindowPlan(
            new(1_000, 100, count),
            [
                new(WindowFunction.First, TransactionField.DeviceId, 1_000),
                new(WindowFunction.Last, TransactionField.DeviceId, 1_000),
                new(WindowFunction.Distance, TransactionField.None, 1_000),
            ]);
        var history = new EventHistory(plan);
        var bare = new Payment(500).ToTransaction();
        for (var i = 0; i < count; i++)
        {
            history.Add(i == count / 2 ? new Payment(500, Device: "d", Position: (1, 1)).ToTransaction() : bare);
        }

        var reader = new WindowReader(plan);
        var current = new Payment(500, Position: (1, 1)).ToTransaction();
        for (var i = 0; i < count / 10; i++)
        {
            reader.Begin(history, current);
            reader.Text(0, out _);
            reader.Text(1, out _);
            reader.Number(2, out _);
        }

        Assert.Equal(new Shown(WindowStatus.Ok, 0, TextKey.Of("d")), WindowTable.Read(reader, 0));
    }

    [Fact]
    public void What_is_the_same_as_in_the_present_one_is_counted_without_a_search()
    {
        // Each window holds 50,000 of these: gone through at every reading that is 10 billion steps for each.
        const int count = 200_000;
        WindowSpec[] specs =
        [
            new(WindowFunction.Same, TransactionField.MerchantId, 50_000),
            new(WindowFunction.Same, TransactionField.MerchantId, 50_000, null, 50_000),
            new(WindowFunction.Same, TransactionField.DeviceId, 40_000, PaymentFilter.AmountBelow(100)),
        ];
        var history = new EventHistory(new WindowPlan(new(50_000, 100, count), specs));
        var reader = new WindowReader(history.Plan);
        Transaction[] transactions = [.. Enumerable.Range(0, 5).Select(i => new Payment(0, 10, $"m{i}", "d").ToTransaction())];
        for (var i = 0; i < count; i++)
        {
            transactions[i % 5].TimestampTicks = i;
            reader.Begin(history, transactions[i % 5]);
            for (var slot = 0; slot < specs.Length; slot++)
            {
                reader.Number(slot, out _);
            }

            history.Add(transactions[i % 5]);
        }

        Assert.Equal([10_000m, 10_000m, 40_000m], specs.Select((_, slot) => WindowTable.Read(reader, slot).Number));
    }

    [Fact]
    public void Counting_what_is_the_same_allocates_nothing_in_the_steady_state()
    {
        WindowSpec[] specs =
        [
            .. from length in new long[] { 10, 100, 1_000 }
               from delay in new long[] { 0, 5 }
               from field in new[] { TransactionField.MerchantId, TransactionField.DeviceId }
               select new WindowSpec(WindowFunction.Same, field, length, null, delay),
        ];
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000), specs));
        var reader = new WindowReader(history.Plan);
        Transaction[] transactions = [.. Enumerable.Range(0, 64).Select(i => new Payment(0, i * 37 % 101, $"m{i * 29 % 31}", $"d{i % 7}").ToTransaction())];
        Play(history, reader, transactions, 0, 4_000);

        // What the runtime itself allocates now and then, as when it compiles a method again, is not in every run.
        var allocated = Enumerable.Range(1, 3).Min(run =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Play(history, reader, transactions, run * 10_000, (run + 1) * 10_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Delays_and_labels_allocate_nothing_in_the_steady_state()
    {
        WindowSpec[] overFrauds =
        [
            .. from function in new[] { WindowFunction.Rate, WindowFunction.Frauds, WindowFunction.SinceFraud, WindowFunction.SinceFirstFraud }
               from length in new long[] { 10, 1_000 }
               select new WindowSpec(function, TransactionField.None, length),
        ];
        WindowSpec[] specs =
        [
            .. from delay in new long[] { 0, 5, 700 }
               from filter in new EventFilter?[] { null, PaymentFilter.AmountBelow(50), PaymentFilter.AmountBelow(0) }
               from spec in Specs.Concat(overFrauds)
               select spec with { DelayTicks = delay, Filter = filter },
        ];
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000), specs));
        var reader = new WindowReader(history.Plan);
        Transaction[] transactions = [.. Enumerable.Range(0, 64).Select(i => new Payment(0, i * 37 % 101, $"m{i * 29 % 31}", $"d{i % 7}").ToTransaction())];
        Play(history, reader, transactions, 0, 4_000);

        // What the runtime itself allocates now and then, as when it compiles a method again, is not in every run.
        var allocated = Enumerable.Range(1, 3).Min(run =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Play(history, reader, transactions, run * 10_000, (run + 1) * 10_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_delayed_window_is_not_gone_through()
    {
        // Each window holds 50,000 of these behind a delay of as many: gone through at every reading that is 10 billion steps for each.
        const int count = 200_000;
        WindowFunction[] overAmounts = [WindowFunction.Sum, WindowFunction.Avg, WindowFunction.Stddev];
        WindowFunction[] overTexts = [WindowFunction.First, WindowFunction.Last];
        WindowFunction[] others =
            [WindowFunction.Count, WindowFunction.Since, WindowFunction.Rate, WindowFunction.Frauds, WindowFunction.SinceFraud, WindowFunction.SinceFirstFraud];
        WindowSpec[] specs =
        [
            .. from part in new[] { (overAmounts, TransactionField.Amount), (overTexts, TransactionField.DeviceId), (others, TransactionField.None) }
               from function in part.Item1
               select new WindowSpec(function, part.Item2, 50_000, null, 50_000),
        ];
        var history = new EventHistory(new WindowPlan(new(50_000, 100, count), specs));
        var reader = new WindowReader(history.Plan);
        for (var i = 0; i < count; i++)
        {
            var transaction = new Payment(i, 10, Device: i % 40_000 == 0 ? "d" : "").ToTransaction();
            reader.Begin(history, transaction);
            ReadAll();
            history.Add(transaction, (ulong)i);
            history.Label(i - 40_000, (ulong)(i - 40_000), i % 1_000 == 0);
        }

        // One that comes late finds the windows nearly where they are.
        for (var i = 0; i < count; i++)
        {
            reader.Begin(history, new Payment(count - 10).ToTransaction());
            ReadAll();
        }

        Assert.Equal(50m, WindowTable.Read(reader, 0).Number);
        Assert.Equal(0.001m, WindowTable.Read(reader, 7).Number);

        void ReadAll()
        {
            for (var slot = 0; slot < specs.Length; slot++)
            {
                reader.Number(slot, out _);
            }
        }
    }

    [Fact]
    public void Ids_are_kept_only_for_the_streams_whose_windows_look_at_labels()
    {
        EventFilter filter = PaymentFilter.AmountBelow(10);
        var count = new WindowSpec(WindowFunction.Count, TransactionField.None, 10);
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000), [count, new(WindowFunction.Frauds, TransactionField.None, 10, filter)]));
        history.Add(new Payment(1, 1).ToTransaction(), 7);
        history.Label(1, 7, true);
        Assert.False(history.Stream(0).Columns.HasIds);
        Assert.Equal(7UL, history.Stream(1).Columns.IdAt(0));
        Assert.True(history.Stream(1).IsFraud(0));
    }

    [Fact]
    public void A_million_transactions_of_one_time_and_the_largest_amount_are_exact()
    {
        var history = new EventHistory(new WindowPlan(new(1_000, 100, 1_000_000), Specs));
        var reader = new WindowReader(history.Plan);
        var transaction = new Payment(500, 9_999_999_999_999_999, "m").ToTransaction();
        for (var i = 0; i < 1_000_000; i++)
        {
            reader.Begin(history, transaction);
            reader.Number(1, out _);
            reader.Number(4, out _);
            reader.Text(6, out _);
            history.Add(transaction);
        }

        reader.Begin(history, transaction);
        Assert.Equal(1_000_001 * 999_999_999_999.9999m, WindowTable.Read(reader, 1).Number);
        Assert.Equal(0, WindowTable.Read(reader, 2).Number);
        Assert.Equal(1, WindowTable.Read(reader, 5).Number);
        Assert.Equal(WindowStatus.Missing, WindowTable.Read(reader, 6).Status);
    }

    private static long BytesOf(WindowPlan plan, int transactions)
    {
        var payment = new Payment(500, 5, "m", "d").ToTransaction();
        Make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Make();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Make()
        {
            var history = new EventHistory(plan);
            for (var i = 0; i < transactions; i++)
            {
                history.Add(payment);
            }
        }
    }

    private static void Play(EventHistory history, WindowReader reader, Transaction[] transactions, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var transaction = transactions[i % transactions.Length];
            transaction.TimestampTicks = (i * 10L) - (i % 11 == 0 ? 50 : 0);
            reader.Begin(history, transaction);
            for (var slot = 0; slot < reader.Plan.Specs.Length; slot++)
            {
                reader.Number(slot, out _);
            }

            history.Add(transaction, (ulong)i);
            if (i > 70)
            {
                history.Label(transactions[(i - 60) % transactions.Length].TimestampTicks, (ulong)(i - 60), i % 3 == 0);
            }
        }
    }
}
