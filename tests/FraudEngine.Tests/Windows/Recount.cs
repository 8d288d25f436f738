using System.Numerics;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>What a window shows: computed here by going through everything that ever came.</summary>
internal readonly record struct Shown(WindowStatus Status, decimal Number = 0, TextKey Text = default);

/// <summary>The brute-force recount. It keeps every payment, and knows which of them the history may no longer keep, and why.</summary>
internal sealed class Recount(WindowPlan plan)
{
    private readonly List<Payment> _kept = [];
    private readonly List<Payment> _aged = [];
    private readonly List<Payment> _forgotten = [];

    public long Newest => _kept.Count == 0 ? long.MinValue : _kept[^1].At;

    public int Count => _kept.Count;

    public bool IsTooLate(long at) => _kept.Count > 0 && at < Newest - plan.Settings.AllowedLatenessTicks;

    public void Add(Payment payment)
    {
        var place = _kept.FindLastIndex(kept => kept.At <= payment.At) + 1;
        _kept.Insert(place, payment);
        var keptAfter = Newest - plan.Settings.HorizonTicks - plan.Settings.AllowedLatenessTicks;
        while (_kept[0].At <= keptAfter)
        {
            _aged.Add(_kept[0]);
            _kept.RemoveAt(0);
        }

        while (_kept.Count > plan.Settings.EventsMax)
        {
            _forgotten.Add(_kept[0]);
            _kept.RemoveAt(0);
        }
    }

    /// <param name="current">Null where there is none; then what is too old to be kept is not known either.</param>
    public Shown Window(WindowSpec spec, long asOf, Payment? current)
    {
        var after = asOf - spec.LengthTicks;
        var isForgotten = _forgotten.Any(payment => payment.At > after) || (current is null && _aged.Any(payment => payment.At > after));
        var before = _kept.Where(payment => payment.At > after && payment.At <= asOf).ToList();
        if (spec.Function == WindowFunction.Last)
        {
            return Last(spec.Field, before, isForgotten);
        }

        if (isForgotten)
        {
            return new Shown(WindowStatus.Forgotten);
        }

        List<Payment> all = current is null ? before : [.. before, current];
        var units = all.ConvertAll(payment => payment.Units);
        if (all.Count == 0 && spec.Function is WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max)
        {
            return new Shown(WindowStatus.Missing);
        }

        return new Shown(WindowStatus.Ok, spec.Function switch
        {
            WindowFunction.Count => all.Count,
            WindowFunction.Sum => Sum(units),
            WindowFunction.Avg => Sum(units) / all.Count,
            WindowFunction.Min => Sum([units.Min()]),
            WindowFunction.Max => Sum([units.Max()]),
            WindowFunction.Stddev => Stddev(units),
            WindowFunction.Distinct => all.Select(payment => payment.Text(spec.Field)).Where(text => text.Length > 0).Distinct().Count(),
            WindowFunction.Last or WindowFunction.None or WindowFunction.First or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => throw new InvalidOperationException(),
        });
    }

    private static Shown Last(TransactionField field, List<Payment> before, bool isForgotten)
    {
        var last = before.FindLast(payment => field == TransactionField.Amount || payment.Text(field).Length > 0);
        if (last is null)
        {
            return new Shown(isForgotten ? WindowStatus.Forgotten : WindowStatus.Missing);
        }

        return field == TransactionField.Amount
            ? new Shown(WindowStatus.Ok, Sum([last.Units]))
            : new Shown(WindowStatus.Ok, 0, TextKey.Of(last.Text(field)));
    }

    private static decimal Sum(List<long> units) => units.Aggregate(0m, (sum, unit) => sum + unit) / Money.UnitsPerWhole;

    private static decimal Stddev(List<long> units)
    {
        if (units.Count < 2)
        {
            return 0;
        }

        var count = (BigInteger)units.Count;
        var sum = units.Aggregate(BigInteger.Zero, (total, unit) => total + unit);
        var spread = units.Aggregate(BigInteger.Zero, (total, unit) => total + BigInteger.Pow((count * unit) - sum, 2));

        // Σ(n·x − Σx)² is n² times the squared distances from the mean; one place of a unit is 100 millionths.
        var variance = spread * 10_000 / (count * count * (count - 1));
        BigInteger root = 0;
        for (var bit = BigInteger.One << 64; bit > 0; bit >>= 1)
        {
            root += BigInteger.Pow(root + bit, 2) <= variance ? bit : 0;
        }

        return (decimal)root / 1_000_000;
    }
}
