using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class HistorySnapshotTests
{
    private static readonly WindowSpec Sum = new(WindowFunction.Sum, TransactionField.Amount, 100);
    private static readonly WindowSpec Merchants = new(WindowFunction.Distinct, TransactionField.MerchantId, 100);
    private static readonly WindowSpec Devices = new(WindowFunction.Distinct, TransactionField.DeviceId, 100);

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
        snapshot[0] = 3;
        Assert.Null(EventHistory.ReadFrom(snapshot, Plan(1_000, Sum)));
    }

    [Fact]
    public void A_snapshot_that_is_cut_off_or_too_long_is_invalid()
    {
        var snapshot = Snapshot();
        for (var length = 0; length < snapshot.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom(snapshot.AsSpan(0, length), Plan(1_000, Sum, Merchants, Devices)));
        }

        Assert.Throws<InvalidDataException>(() => EventHistory.ReadFrom([.. snapshot, 0], Plan(1_000, Sum, Merchants, Devices)));
    }

    [Fact]
    public void A_damaged_snapshot_is_invalid_or_some_other_history()
    {
        var random = new Random(1);
        for (var run = 0; run < 20_000; run++)
        {
            var snapshot = Snapshot();
            snapshot[random.Next(snapshot.Length)] = (byte)random.Next(256);
            snapshot[random.Next(snapshot.Length)] = (byte)random.Next(256);
            try
            {
                EventHistory.ReadFrom(snapshot, Plan(1_000, Sum, Merchants, Devices))?.Add(new Payment(60).ToTransaction());
            }
            catch (InvalidDataException)
            {
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

    private static byte[] Snapshot()
    {
        var history = new EventHistory(Plan(1_000, Sum, Merchants, Devices));
        for (var i = 0; i < 20; i++)
        {
            history.Add(new Payment(i * 2, i * 100, i % 4 == 0 ? "" : $"m{i % 5}", $"a-device-with-a-long-name-{i % 3}").ToTransaction());
        }

        var output = new ArrayBufferWriter<byte>();
        history.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private static WindowPlan Plan(long horizon, params WindowSpec[] specs) => new(new(horizon, 100, 1_000), specs);
}
