using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Windows;

/// <summary>Whatever comes in whatever order, every window shows what a recount of everything shows.</summary>
public class WindowPropertyTests
{
    private static readonly long[] Lengths = [1, 7, 30, 100];

    private static readonly WindowSpec[] Specs =
    [
        .. from length in Lengths
           from window in new (WindowFunction Function, TransactionField Field)[]
           {
               (WindowFunction.Count, TransactionField.None),
               (WindowFunction.Sum, TransactionField.Amount),
               (WindowFunction.Avg, TransactionField.Amount),
               (WindowFunction.Min, TransactionField.Amount),
               (WindowFunction.Max, TransactionField.Amount),
               (WindowFunction.Stddev, TransactionField.Amount),
               (WindowFunction.Last, TransactionField.Amount),
               (WindowFunction.Distinct, TransactionField.MerchantId),
               (WindowFunction.Distinct, TransactionField.Channel),
               (WindowFunction.Last, TransactionField.MerchantId),
               (WindowFunction.Last, TransactionField.DeviceId),
           }
           select new WindowSpec(window.Function, window.Field, length),
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

    [Fact]
    public void Any_part_of_the_windows_shows_what_a_recount_shows()
    {
        var part = Gen.SubListOf(Specs).ToArbitrary();
        Prop.ForAll(part, specs => Check(2, 150, Plan(specs, 50, 20))).QuickCheckThrowOnFailure();
    }

    private static WindowPlan Plan(IEnumerable<WindowSpec> specs, int eventsMax, long lateness) => new(new WindowSettings(100, lateness, eventsMax), specs);

    private static void Check(int runs, int stepsMax, WindowPlan plan)
    {
        var steps = Arb.From(Gen.Choose(0, int.MaxValue).ListOf(stepsMax).Select(list => list.ToArray()), WithoutAPart);
        Prop.ForAll(steps, seeds => new Run(plan).Play(seeds)).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
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

    /// <summary>One history beside its recount. A step is made from a seed of its own, so that it stays the same when others are left out.</summary>
    private sealed class Run(WindowPlan plan)
    {
        private static readonly string[] Merchants = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? $"a-merchant-with-a-long-name-{i}" : $"m{i}")];

        private readonly WindowReader _reader = new(plan);
        private readonly Recount _recount = new(plan);
        private EventHistory _history = new(plan);

        public void Play(int[] seeds)
        {
            foreach (var seed in seeds)
            {
                Step(new Random(seed));
                Assert.Equal(_recount.Count, _history.Count);
                Assert.Equal(_recount.Newest, _history.NewestTicks);
            }
        }

        private void Step(Random random)
        {
            var newest = Math.Max(_recount.Newest, 1_000);
            switch (random.Next(20))
            {
                case 0:
                    var asOf = newest + random.Next(-250, 120);
                    _reader.BeginAt(_history, asOf);
                    Compare(random, asOf, null);
                    break;
                case 1:
                    Begin(random, Next(random, newest + random.Next(150)));
                    break;
                case 2:
                    var output = new ArrayBufferWriter<byte>();
                    _history.WriteTo(output);
                    _history = EventHistory.ReadFrom(output.WrittenSpan, plan)!;
                    break;
                case 3:
                    BeginAndAdd(random, newest + random.Next(60, 400));
                    break;
                case < 9:
                    BeginAndAdd(random, newest - random.Next((int)plan.Settings.AllowedLatenessTicks + 5));
                    break;
                default:
                    BeginAndAdd(random, newest + random.Next(3));
                    break;
            }
        }

        private void BeginAndAdd(Random random, long at)
        {
            Assert.Equal(_recount.IsTooLate(at), _history.IsTooLate(at));
            if (_history.IsTooLate(at))
            {
                return;
            }

            var payment = Next(random, at);
            Begin(random, payment);
            _history.Add(payment.ToTransaction());
            _recount.Add(payment);
        }

        private void Begin(Random random, Payment payment)
        {
            _reader.Begin(_history, payment.ToTransaction());
            Compare(random, payment.At, payment);
        }

        private void Compare(Random random, long asOf, Payment? current)
        {
            for (var slot = random.Next(3); slot < plan.Specs.Length; slot += random.Next(1, 4))
            {
                Assert.False(_reader.IsRead(slot));
                var spec = plan.Specs[slot];
                var numberStatus = _reader.Number(slot, out var number);
                var textStatus = _reader.Text(slot, out var text);
                Assert.Equal(numberStatus, textStatus);
                Assert.Equal((spec, _recount.Window(spec, asOf, current)), (spec, new Shown(numberStatus, number, text)));
                Assert.True(_reader.IsRead(slot));
            }
        }

        private static Payment Next(Random random, long at) => new(
            at,
            random.Next(10) switch { 0 => 0, 1 => 9_999_999_999_999_999 - random.Next(3), _ => random.Next(1, 60) * 2_500L },
            random.Next(4) == 0 ? "" : Merchants[random.Next(random.Next(1, Merchants.Length))],
            random.Next(8) == 0 ? $"device-{random.Next(5)}" : "",
            (Channel)random.Next(5));
    }
}
