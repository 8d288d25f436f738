using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>A terminal that half of all traffic goes to: what one of its transactions costs does not grow with how many it has.</summary>
public sealed class HotEntityTests
{
    private const long Day = 1_000;
    private const int PerDay = 10_000;

    private static readonly WindowSettings Settings = new(30 * Day, Day, 2_000_000);

    private static readonly PaymentFilter Small = PaymentFilter.AmountBelow(10_000);

    /// <summary>Of the kinds that the models of <c>config</c> have over terminals, and sums besides. Delayed min, max and distinct do go through their windows.</summary>
    private static readonly WindowSpec[] Specs =
    [
        .. from length in new[] { 1, 7, 30 }
           from window in new[]
           {
               new WindowSpec(WindowFunction.Count, TransactionField.None, length * Day),
               new WindowSpec(WindowFunction.Rate, TransactionField.None, length * Day),
               new WindowSpec(WindowFunction.Frauds, TransactionField.None, length * Day),
               new WindowSpec(WindowFunction.SinceFirstFraud, TransactionField.None, length * Day),
               new WindowSpec(WindowFunction.Avg, TransactionField.Amount, length * Day),
               new WindowSpec(WindowFunction.Count, TransactionField.None, length * Day, Small),
               new WindowSpec(WindowFunction.Stddev, TransactionField.Amount, length * Day),
           }
           select window with { DelayTicks = 7 * Day },
    ];

    /// <summary>
    /// The longest window holds 300,000 transactions: gone through at each visit, and by each window, that would be trillions of steps. One in a hundred comes a hundredth of a
    /// day late, which is a hundred places.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Visits_and_commits_neither_go_through_its_history_nor_allocate(int lateEvery)
    {
        var state = new EntityState(new WindowPlan(Settings, Specs));
        var machine = new EntityMachine(WindowPlans.None(Settings)[EntityKind.Terminal], state.History.Plan);
        var (forRules, forModel) = (new WindowValues(), new WindowValues());
        var transaction = new Payment(0, 5_000).ToTransaction();
        var labelled = new TransactionLabelled { IsFraud = true };

        Play(0, 100 * PerDay);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Play(100 * PerDay, 160 * PerDay);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(state.History.Count, 37 * PerDay, 39 * PerDay);
        Assert.Equal(0, allocated);

        void Play(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                transaction.TimestampTicks = TimeOf(i);
                Assert.True(machine.TryRead(state, transaction, forRules, forModel));
                state.Evolve(transaction, (ulong)i, i + 1);
                if (i % 50 == 0 && i >= 7 * PerDay)
                {
                    labelled.TimestampTicks = TimeOf(i - (7 * PerDay));
                    state.Evolve(labelled, (ulong)(i - (7 * PerDay)), i + 1);
                }
            }
        }

        long TimeOf(int i) => (i * Day / PerDay) - (lateEvery > 0 && i % lateEvery == lateEvery - 1 ? Day / 100 : 0);
    }
}
