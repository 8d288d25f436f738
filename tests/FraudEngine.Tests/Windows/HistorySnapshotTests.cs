using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class HistorySnapshotTests
{
    private static readonly WindowSpec Sum = new(WindowFunction.Sum, TransactionField.Amount, 100);
    private static readonly WindowSpec Merchants = new(WindowFunction.Distinct, TransactionField.MerchantId, 100);
    private static readonly WindowSpec Devices = new(WindowFunction.Distinct, TransactionField.DeviceId, 100);

    private static readonly WindowSpec Speed = new(WindowFunction.Speed, TransactionField.None, 100);
    private static readonly EventFilter Small = PaymentFilter.AmountBelow(500);
    private static readonly EventFilter None = PaymentFilter.AmountBelow(0);

    private static readonly WindowSpec Rate = new(WindowFunction.Rate, TransactionField.None, 100);

    private static readonly WindowPlan Whole = Plan(1_000, Sum, Merchants, Devices);

    private static readonly WindowPlan Labelled = Plan(
        1_000, Rate, Sum with { DelayTicks = 5 }, Merchants, Rate with { Filter = Small }, Sum with { Filter = Small }, Rate with { Filter = None });

    private static readonly WindowPlan Filtered = Plan(
        1_000, Speed, Sum with { Filter = Small }, Merchants with { Filter = Small }, Speed with { Filter = Small }, Sum with { Filter = None });

    [Fact]
    public void A_snapshot_serves_a_plan_that_needs_less()
    {
        var restored = EventHistory.ReadFrom(Snapshot(), Plan(1_000, Devices))!;
        var reader = new WindowReader(restored.Plan);
        reader.Begin(restored, new Payment(50, 7, "x", "y").ToTransaction());
        Assert.Equal(4, WindowTable.Read(reader, 0).Number);
    }

    [Fact]
    public void A_snapshot_of_other_fields_or_of_less_time_is_refused()
    {
        Assert.Null(EventHistory.ReadFrom(Snapshot(), Plan(1_000, Sum, new(WindowFunction.Last, TransactionField.Country, 10))));
        Assert.Null(EventHistory.ReadFrom(Snapshot(), Plan(1_001, Sum)));
        Assert.NotNull(EventHistory.ReadFrom(Snapshot(), Plan(999, Sum)));
    }

    [Fact]
    public void A_snapshot_of_another_version_is_refused()
    {
        var snapshot = Snapshot();
        snapshot[0] = HistorySnapshot.Version + 1;
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum)));
    }

    [Fact]
    public void A_snapshot_of_the_first_version_is_read_where_it_serves()
    {
        // Written by that version: four payments of one merchant or another from 2026-01-01 on, of which the first is forgotten.
        var snapshot = Convert.FromHexString(
            "0180dc9afd28a8408080e0a78b9992ef88010380c2b7d78b9992ef8801a8c3010173686f700000000000000000000000040170686f6e65000000000000000000000580e1eb17000100"
            + "80e1eb17ffff83fea6dee111022810590afbfaded514ce97af0fab7e8000");
        var newYear = new DateTime(2026, 1, 1).Ticks;
        var settings = new WindowSettings(1_000 * TimeSpan.TicksPerSecond, 100 * TimeSpan.TicksPerSecond, 3);
        WindowSpec[] specs =
        [
            new(WindowFunction.Sum, TransactionField.Amount, 20 * TimeSpan.TicksPerSecond),
            new(WindowFunction.Distinct, TransactionField.MerchantId, 20 * TimeSpan.TicksPerSecond),
            new(WindowFunction.Last, TransactionField.DeviceId, settings.HorizonTicks),
            new(WindowFunction.First, TransactionField.MerchantId, 20 * TimeSpan.TicksPerSecond),
            new(WindowFunction.Count, TransactionField.None, settings.HorizonTicks),
        ];
        var history = EventHistory.ReadFrom(snapshot, new WindowPlan(settings, specs))!;
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(newYear + (20 * TimeSpan.TicksPerSecond), 1).ToTransaction());
        Assert.Equal(
            [
                new(WindowStatus.Ok, 1_000_000_000_002.5m),
                new(WindowStatus.Ok, 2),
                new(WindowStatus.Ok, 0, TextKey.Of("phone")),
                new(WindowStatus.Ok, 0, TextKey.Of("shop")),
                new(WindowStatus.Forgotten),
            ],
            specs.Select((_, slot) => WindowTable.Read(reader, slot)));

        Assert.Null(EventHistory.ReadFrom(snapshot, new WindowPlan(settings, [new(WindowFunction.Speed, TransactionField.None, 1)])));
        Assert.Null(EventHistory.ReadFrom(snapshot, new WindowPlan(settings, [specs[0] with { Filter = Small }])));
        Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom(snapshot.AsSpan(0, snapshot.Length - 1), new WindowPlan(settings, specs)));
    }

    [Fact]
    public void A_snapshot_of_the_second_version_is_read_where_it_serves()
    {
        // These bytes were written by the engine that knew no labels; one that does still writes them for a plan without any.
        var history = new EventHistory(Plan(1_000, Sum, Merchants, Sum with { Filter = Small }));
        history.Add(new Payment(10, 250, "m").ToTransaction());
        history.Add(new Payment(12, 500).ToTransaction());
        var snapshot = Written(history);
        Assert.Equal(
            "02CC0802884000028A808080808080808001FA01016D00000000000000000000000000000102F403"
            + "00616D6F756E74203C203530300000000C804000018A808080808080808001FA01",
            Convert.ToHexString(snapshot));
        Assert.NotNull(EventHistory.ReadFrom(snapshot, history.Plan));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Rate)));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum, Rate with { Filter = Small })));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum with { DelayTicks = 901 })));
        Assert.NotNull(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum with { DelayTicks = 900 })));
    }

    [Fact]
    public void Labels_survive_and_find_their_transactions_afterwards()
    {
        var restored = EventHistory.ReadFrom(LabelledSnapshot(), Labelled)!;
        Assert.Equal([4 / 21m, 2 / 6m], Rates(restored));
        restored.Label(2 * 18, 18, true);
        restored.Label(2 * 3, 3, false);
        Assert.Equal([4 / 21m, 1 / 6m], Rates(restored));

        static decimal[] Rates(EventHistory history)
        {
            var reader = new WindowReader(Labelled);
            reader.Begin(history, new Payment(50, 7).ToTransaction());
            return [WindowTable.Read(reader, 0).Number, WindowTable.Read(reader, 3).Number];
        }
    }

    [Fact]
    public void A_snapshot_with_labels_serves_a_plan_without_any()
    {
        var restored = EventHistory.ReadFrom(LabelledSnapshot(), Plan(1_000, Merchants, Sum with { Filter = Small }))!;
        Assert.False(restored.Stream(0).Columns.HasIds);
        Assert.Equal(20, restored.Count);
        Assert.Null(EventHistory.ReadFrom(Written(restored), Labelled));
        Assert.Equal(HistorySnapshot.VersionWithoutLabels, Written(restored)[0]);
    }

    [Fact]
    public void A_snapshot_grows_by_an_id_per_transaction_and_a_byte_or_two_per_fraud()
    {
        EventHistory[] histories = [new(Plan(1_000, Merchants)), new(Plan(1_000, Merchants, Rate))];
        foreach (var history in histories)
        {
            for (var i = 0; i < 500; i++)
            {
                history.Add(new Payment(i, 0, "m").ToTransaction(), (ulong)i);
            }
        }

        Assert.Equal(Written(histories[0]).Length + (8 * 500) + 1, Written(histories[1]).Length);
        histories[1].Label(3, 3, true);
        histories[1].Label(5, 5, true);
        histories[1].Label(499, 499, true);
        Assert.Equal(Written(histories[0]).Length + (8 * 500) + 1 + 1 + 2 + 1, Written(histories[1]).Length);
    }

    [Fact]
    public void A_snapshot_that_lacks_a_filter_or_a_field_of_it_is_refused()
    {
        var snapshot = FilteredSnapshot();
        Assert.NotNull(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum with { Filter = Small })));
        Assert.NotNull(EventHistory.ReadFrom(snapshot, Plan(1_000, Speed with { LengthTicks = 1 })));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum with { Filter = PaymentFilter.AmountBelow(501) })));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Devices with { Filter = Small })));
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Speed with { Filter = None })));
    }

    [Fact]
    public void A_filter_that_nothing_passed_yet_survives()
    {
        var restored = EventHistory.ReadFrom(FilteredSnapshot(), Plan(1_000, Sum with { Filter = None }))!;
        restored.Add(new Payment(50, 7).ToTransaction());
        var reader = new WindowReader(restored.Plan);
        reader.Begin(restored, new Payment(60, 7).ToTransaction());
        Assert.Equal(new Shown(WindowStatus.Ok), WindowTable.Read(reader, 0));
    }

    [Fact]
    public void A_snapshot_that_is_cut_off_or_too_long_is_invalid()
    {
        foreach (var (snapshot, plan) in new[] { (Snapshot(), Whole), (FilteredSnapshot(), Filtered), (LabelledSnapshot(), Labelled) })
        {
            for (var length = 0; length < snapshot.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom(snapshot.AsSpan(0, length), plan));
            }

            Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom([.. snapshot, 0], plan));
        }
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(long.MaxValue)]
    public void A_snapshot_that_promises_more_than_it_holds_takes_no_memory(long count)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([HistorySnapshot.Version]);
        Varint.Write(output, 1_100);
        Varint.Write(output, (ulong)count);
        AssertInvalid(output.WrittenSpan);

        output.ResetWrittenCount();
        output.Write([HistorySnapshot.Version]);
        Varint.Write(output, 1_100);
        Varint.Write(output, 1);
        Varint.Write(output, 0);
        Varint.Write(output, 0);
        Varint.Write(output, (ulong)count);
        AssertInvalid(output.WrittenSpan);

        static void AssertInvalid(ReadOnlySpan<byte> snapshot)
        {
            var bytes = snapshot.ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom(bytes, Plan(1_000, new WindowSpec(WindowFunction.Count, TransactionField.None, 1))));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void A_damaged_snapshot_is_invalid_or_some_other_history()
    {
        var random = new Random(1);
        foreach (var (whole, plan) in new[] { (Snapshot(), Whole), (FilteredSnapshot(), Filtered), (LabelledSnapshot(), Labelled) })
        {
            for (var run = 0; run < 20_000; run++)
            {
                byte[] snapshot = [.. whole];
                snapshot[random.Next(snapshot.Length)] = (byte)random.Next(256);
                snapshot[random.Next(snapshot.Length)] = (byte)random.Next(256);
                try
                {
                    ReadAll(EventHistory.ReadFrom(snapshot, plan));
                }
                catch (InvalidDataException)
                {
                }
            }
        }
    }

    [Fact]
    public void An_empty_history_survives()
    {
        var output = new ArrayBufferWriter<byte>();
        new EventHistory(Plan(1_000, Sum)).WriteTo(output);
        Assert.Equal(0, EventHistory.ReadFrom(output.WrittenSpan, Plan(1_000, Sum))!.Count);
    }

    private static void ReadAll(EventHistory? history)
    {
        if (history is null)
        {
            return;
        }

        history.Add(new Payment(60, 5, "m").ToTransaction(), 7);
        history.Label(60, 7, true);
        history.Label(10, 5, true);
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, new Payment(61, Position: (1, 2)).ToTransaction());
        for (var slot = 0; slot < history.Plan.Specs.Length; slot++)
        {
            WindowTable.Read(reader, slot);
        }
    }

    private static byte[] FilteredSnapshot()
    {
        var history = new EventHistory(Filtered);
        for (var i = 0; i < 20; i++)
        {
            var position = (GeoPosition.LatitudeMax - i, i - GeoPosition.LongitudeMax);
            history.Add(new Payment(i * 2, i * 100, i % 4 == 0 ? "" : $"m{i % 5}", Position: i % 3 == 0 ? null : position).ToTransaction());
        }

        return Written(history);
    }

    /// <summary>The first, the last and two others are known frauds, of which the first and one of the others pass the filter.</summary>
    private static byte[] LabelledSnapshot()
    {
        var history = new EventHistory(Labelled);
        for (var i = 0; i < 20; i++)
        {
            history.Add(new Payment(i * 2, i * 100, i % 4 == 0 ? "" : $"m{i % 5}").ToTransaction(), (ulong)i);
        }

        foreach (var fraud in new[] { 19, 0, 3, 9 })
        {
            history.Label(fraud * 2, (ulong)fraud, true);
        }

        return Written(history);
    }

    private static byte[] Snapshot()
    {
        var history = new EventHistory(Whole);
        for (var i = 0; i < 20; i++)
        {
            history.Add(new Payment(i * 2, i * 100, i % 4 == 0 ? "" : $"m{i % 5}", $"a-device-with-a-long-name-{i % 3}").ToTransaction());
        }

        return Written(history);
    }

    private static byte[] Written(EventHistory history)
    {
        var output = new ArrayBufferWriter<byte>();
        history.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private static WindowPlan Plan(long horizon, params WindowSpec[] specs) => new(new(horizon, 100, 1_000), specs);
}
