using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Tests.Windows;

/// <summary>
/// One history beside its recount. A step is made from a seed of its own, so that it stays the same when others are left out. Some steps change the history's
/// plan, to one of other lengths in other slots that needs the same of each transaction.
/// </summary>
/// <param name="memory">Where the history is kept.</param>
internal sealed class WindowRun(WindowPlan plan, HistoryMemory memory)
{
    private static readonly string[] Merchants = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? $"a-merchant-with-a-long-name-{i}" : $"m{i}")];

    /// <summary>So few that ids come again, at times with the same event time.</summary>
    private const int IdsEnd = 20;

    private readonly Recount _recount = new(plan);
    private EventHistory _history = new(plan, memory);

    /// <summary>Of a plan that the history's contains.</summary>
    private WindowReader _reader = new(plan);

    public void Play(int[] seeds)
    {
        foreach (var seed in seeds)
        {
            Step(new Random(seed));
            Assert.Equal(_recount.Count, _history.Count);
            Assert.Equal(_recount.Newest, _history.NewestTicks);
        }

        _history.Release();
    }

    private void Step(Random random)
    {
        // Which changes nothing.
        _ = _history.TouchNear() + _history.TouchFar();
        var newest = Math.Max(_recount.Newest, 1_000);
        switch (random.Next(28))
        {
            case 0:
                ReadAt(random, newest + random.Next(-450, 120));
                break;
            case 1:
                Begin(random, Next(random, newest + random.Next(150)));
                break;
            case 2:
                Take(random, Restored(_history, Variant(random)));
                break;
            case 3:
                Take(random, _history.Rebuild(Variant(random)));
                break;
            case 4:
                ReadPart(random, Part(random, _history.Plan), newest + random.Next(-450, 120));
                break;
            case 5:
                BeginAndAdd(random, newest + random.Next(60, 400));
                break;
            case < 11:
                BeginAndAdd(random, newest - random.Next((int)plan.Settings.AllowedLatenessTicks + 5));
                break;
            case < 15:
                Label(random, newest);
                break;
            default:
                BeginAndAdd(random, newest + random.Next(3));
                break;
        }
    }

    /// <summary>Goes on with a history of another plan, and with a reader of a part of that plan.</summary>
    private void Take(Random random, EventHistory? history)
    {
        Assert.NotNull(history);
        _history.Release();
        _history = history;
        _reader = new WindowReader(Part(random, history.Plan));
    }

    /// <summary>Reads from a history that keeps only what a few windows need.</summary>
    private void ReadPart(Random random, WindowPlan part, long asOf)
    {
        var (history, reader) = (_history, _reader);
        _history = random.Next(2) == 0 ? _history.Rebuild(part)! : Restored(_history, part)!;
        _reader = new WindowReader(part);
        ReadAt(random, asOf);
        Begin(random, Next(random, Math.Max(_recount.Newest, 1_000)));
        _history.Release();
        (_history, _reader) = (history, reader);
    }

    private void ReadAt(Random random, long asOf)
    {
        _reader.BeginAt(_history, asOf);
        Compare(random, asOf, null);
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
        _history.Add(payment.ToTransaction(), payment.Id);
        _recount.Add(payment);
    }

    /// <summary>Labels one of the latest payments or any that ever came, for the first time or again; now and then one that never came.</summary>
    private void Label(Random random, long newest)
    {
        var added = _recount.Added;
        var oldest = random.Next(3) == 0 ? 0 : Math.Max(0, added.Count - 30);
        var (at, id) = random.Next(8) == 0 || added.Count == 0 ? (newest - random.Next(-5, 150), (ulong)random.Next(IdsEnd))
            : added[random.Next(oldest, added.Count)] is var payment ? (payment.At, payment.Id)
            : default;
        var isFraud = random.Next(3) > 0;
        _history.Label(at, id, isFraud);
        _recount.Label(at, id, isFraud);
    }

    private void Begin(Random random, Payment payment)
    {
        _reader.Begin(_history, payment.ToTransaction());
        Compare(random, payment.At, payment);
    }

    private void Compare(Random random, long asOf, Payment? current)
    {
        var specs = _reader.Plan.Specs;
        var keptTicks = Recount.KeptTicks(_history.Plan);
        for (var slot = random.Next(3); slot < specs.Length; slot += random.Next(1, 4 + (specs.Length / 20)))
        {
            Assert.False(_reader.IsRead(slot));
            var spec = specs[slot];
            var numberStatus = _reader.Number(slot, out var number);
            var textStatus = _reader.Text(slot, out var text);
            Assert.Equal(numberStatus, textStatus);
            Assert.Equal((spec, _recount.Window(spec, asOf, current, keptTicks)), (spec, new Shown(numberStatus, number, text)));
            Assert.True(_reader.IsRead(slot));
        }
    }

    /// <summary>
    /// A plan that needs the same of each transaction and keeps it as long: of every kind of window some lengths and delays, in any order; now and then a
    /// union of two such plans.
    /// </summary>
    private WindowPlan Variant(Random random)
    {
        var longest = plan.Specs.OrderByDescending(spec => spec.DelayTicks + spec.LengthTicks).Take(1);
        var some = plan.Specs.GroupBy(spec => spec with { LengthTicks = 1, DelayTicks = 0 }).SelectMany(kind => Some(random, kind, 1));
        WindowSpec[] specs = [.. longest.Union(some)];
        random.Shuffle(specs);
        var variant = new WindowPlan(plan.Settings, specs);
        return random.Next(3) == 0 ? WindowPlan.Union(variant, Variant(random)) : variant;
    }

    private static WindowPlan Part(Random random, WindowPlan whole)
    {
        var specs = Some(random, whole.Specs, 0);
        random.Shuffle(specs);
        return random.Next(3) == 0 ? whole : new WindowPlan(whole.Settings, specs);
    }

    private static WindowSpec[] Some(Random random, IEnumerable<WindowSpec> specs, int countMin)
    {
        WindowSpec[] all = [.. specs];
        random.Shuffle(all);
        return all[..random.Next(Math.Min(countMin, all.Length), all.Length + 1)];
    }

    private EventHistory? Restored(EventHistory history, WindowPlan plan)
    {
        var output = new ArrayBufferWriter<byte>();
        history.WriteTo(output);
        return EventHistory.ReadFrom(output.WrittenSpan, plan, memory);
    }

    private static Payment Next(Random random, long at) => new(
        at,
        random.Next(10) switch { 0 => 0, 1 => 9_999_999_999_999_999 - random.Next(3), _ => random.Next(1, 60) * 2_500L },
        random.Next(4) == 0 ? "" : Merchants[random.Next(random.Next(1, Merchants.Length))],
        random.Next(8) == 0 ? $"device-{random.Next(5)}" : "",
        (Channel)random.Next(5),
        random.Next(3) == 0 ? (random.Next(-900_000_000, 900_000_001), random.Next(-1_800_000_000, 1_800_000_001)) : null,
        (ulong)random.Next(IdsEnd));
}
