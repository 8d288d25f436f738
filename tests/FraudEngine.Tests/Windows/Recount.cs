using System.Numerics;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>What a window shows: computed here by going through everything that ever came.</summary>
internal readonly record struct Shown(WindowStatus Status, decimal Number = 0, TextKey Text = default);

/// <summary>
/// The brute-force recount: of all payments, and of those that pass each filter. It serves any plan with these settings and filters, as if there had never
/// been another.
/// </summary>
internal sealed class Recount
{
    private readonly WindowSettings _settings;
    private readonly RecountStream _all = new();
    private readonly Dictionary<EventFilter, RecountStream> _filtered;
    private readonly long _keptTicks;
    private readonly List<Payment> _added = [];
    private readonly HashSet<Payment> _frauds = new(ReferenceEqualityComparer.Instance);

    public Recount(WindowPlan plan)
    {
        _settings = plan.Settings;
        _keptTicks = KeptTicks(plan);
        _filtered = plan.Specs.Select(spec => spec.Filter).OfType<EventFilter>().Distinct().ToDictionary(filter => filter, _ => new RecountStream());
    }

    public long Newest => _all.Newest;

    public int Count => _all.Kept.Count;

    /// <summary>All that was ever added.</summary>
    public IReadOnlyList<Payment> Added => _added;

    public static long KeptTicks(WindowPlan plan) =>
        plan.Settings.AllowedLatenessTicks + plan.Specs.Select(spec => spec.DelayTicks + spec.LengthTicks).Append(plan.Settings.HorizonTicks).Max();

    public bool IsTooLate(long at) => Count > 0 && at < Newest - _settings.AllowedLatenessTicks;

    public void Add(Payment payment)
    {
        _added.Add(payment);
        _all.Add(payment);
        foreach (var (filter, stream) in _filtered)
        {
            if (filter.Passes(payment.ToTransaction()))
            {
                stream.Add(payment);
            }
        }

        var keptAfter = Newest - _keptTicks;
        foreach (var stream in _filtered.Values.Prepend(_all))
        {
            stream.Forget(keptAfter, _settings.EventsMax);
        }
    }

    public void Label(long at, ulong id, bool isFraud)
    {
        foreach (var payment in _added.Where(payment => payment.At == at && payment.Id == id))
        {
            _ = isFraud ? _frauds.Add(payment) : _frauds.Remove(payment);
        }
    }

    /// <param name="current">Null where there is none; then what is too old to be kept is not known either.</param>
    /// <param name="keptTicks">Of the history's plan: no more than this one's.</param>
    public Shown Window(WindowSpec spec, long asOf, Payment? current, long keptTicks)
    {
        var stream = spec.Filter is null ? _all : _filtered[spec.Filter];
        var to = asOf - spec.DelayTicks;
        var after = to - spec.LengthTicks;
        var aged = stream.Aged.Concat(stream.Kept.Where(payment => payment.At <= Newest - keptTicks));
        var isForgotten = stream.Forgotten.Any(payment => payment.At > after) || (current is null && aged.Any(payment => payment.At > after));
        var before = stream.Kept.Where(payment => payment.At > Newest - keptTicks && payment.At > after && payment.At <= to).ToList();
        switch (spec.Function)
        {
            case WindowFunction.Last:
                return Of(spec.Field, before.FindLast(payment => Has(payment, spec.Field)), isForgotten);
            case WindowFunction.First:
                return isForgotten ? new Shown(WindowStatus.Forgotten) : Of(spec.Field, before.Find(payment => Has(payment, spec.Field)), isForgotten);
            case WindowFunction.Since:
                return Since(before.LastOrDefault(), asOf, isForgotten);
            case WindowFunction.SinceFraud:
                return Since(before.LastOrDefault(_frauds.Contains), asOf, isForgotten);
            case WindowFunction.SinceFirstFraud:
                return isForgotten ? new Shown(WindowStatus.Forgotten) : Since(before.FirstOrDefault(_frauds.Contains), asOf, isForgotten);
            case WindowFunction.Distance:
            case WindowFunction.Speed:
                return Way(spec.Function, before.FindLast(payment => payment.Position.HasValue), asOf, current, isForgotten);
            case WindowFunction.Same when current is null || !Has(current, spec.Field):
                return new Shown(WindowStatus.Missing);
        }

        var isIncluded = current is not null && spec.DelayTicks == 0 && (spec.Filter?.Passes(current.ToTransaction()) ?? true);
        List<Payment> all = isIncluded ? [.. before, current!] : before;
        return isForgotten ? new Shown(WindowStatus.Forgotten)
            : spec.Function == WindowFunction.Same ? new Shown(WindowStatus.Ok, all.Count(payment => payment.Text(spec.Field) == current!.Text(spec.Field)))
            : Of(spec, all);
    }

    private Shown Of(WindowSpec spec, List<Payment> all)
    {
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
            WindowFunction.Rate => all.Count == 0 ? 0 : all.Count(_frauds.Contains) / (decimal)all.Count,
            WindowFunction.Frauds => all.Count(_frauds.Contains),
            WindowFunction.Last or WindowFunction.First or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed or WindowFunction.None
                or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud or WindowFunction.Same =>
                throw new InvalidOperationException(),
        });
    }

    private static Shown Since(Payment? found, long asOf, bool isForgotten) =>
        found is null ? None(isForgotten) : new Shown(WindowStatus.Ok, (asOf - found.At) / 10_000_000m);

    private static Shown None(bool isForgotten) => new(isForgotten ? WindowStatus.Forgotten : WindowStatus.Missing);

    private static bool Has(Payment payment, TransactionField field) => field == TransactionField.Amount || payment.Text(field).Length > 0;

    private static Shown Of(TransactionField field, Payment? found, bool isForgotten) =>
        found is null ? None(isForgotten)
        : field == TransactionField.Amount ? new Shown(WindowStatus.Ok, Sum([found.Units]))
        : new Shown(WindowStatus.Ok, 0, TextKey.Of(found.Text(field)));

    private static Shown Way(WindowFunction function, Payment? from, long asOf, Payment? to, bool isForgotten)
    {
        if (to?.Position is not { } end)
        {
            return new Shown(WindowStatus.Missing);
        }

        if (from?.Position is not { } start)
        {
            return None(isForgotten);
        }

        GeoPosition first = new(start.LatitudeE7, start.LongitudeE7);
        GeoPosition last = new(end.LatitudeE7, end.LongitudeE7);
        return new Shown(
            WindowStatus.Ok,
            function == WindowFunction.Distance ? GreatCircle.Distance(first, last) : GreatCircle.Speed(first, last, asOf - from.At));
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

/// <summary>Every payment that passes a filter: those that the history still keeps, and those that it may have forgotten, by why.</summary>
internal sealed class RecountStream
{
    public List<Payment> Kept { get; } = [];

    public List<Payment> Aged { get; } = [];

    public List<Payment> Forgotten { get; } = [];

    public long Newest => Kept.Count == 0 ? long.MinValue : Kept[^1].At;

    public void Add(Payment payment) => Kept.Insert(Kept.FindLastIndex(kept => kept.At <= payment.At) + 1, payment);

    public void Forget(long keptAfter, int countMax)
    {
        while (Kept.Count > 0 && Kept[0].At <= keptAfter)
        {
            Aged.Add(Kept[0]);
            Kept.RemoveAt(0);
        }

        while (Kept.Count > countMax)
        {
            Forgotten.Add(Kept[0]);
            Kept.RemoveAt(0);
        }
    }
}
