using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>What windows cost: allocated bytes, and work that does not grow with the history.</summary>
public class WindowCostTests
{
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

    private static void Play(EventHistory history, WindowReader reader, Transaction[] transactions, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var transaction = transactions[i % transactions.Length];
            transaction.TimestampTicks = (i * 10L) - (i % 11 == 0 ? 50 : 0);
            reader.Begin(history, transaction);
            for (var slot = 0; slot < Specs.Length; slot++)
            {
                reader.Number(slot, out _);
            }

            history.Add(transaction);
        }
    }
}
