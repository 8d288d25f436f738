using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The windows that a rule set needs over one kind of entity. A window's place in <see cref="Specs"/> is its slot.</summary>
public sealed class WindowPlan
{
    /// <summary>The most that <see cref="WindowSettings.EventsMax"/> may be: so many squares of the largest amount still fit in 128 bits.</summary>
    public const int EventsMaxLimit = 3_000_000;

    private readonly Dictionary<WindowSpec, int> _slots = [];

    public WindowPlan(WindowSettings settings, IEnumerable<WindowSpec> specs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.HorizonTicks, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.AllowedLatenessTicks, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.EventsMax, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.EventsMax, EventsMaxLimit, nameof(settings));
        Settings = settings;
        Specs = [.. specs.Distinct()];
        foreach (var spec in Specs)
        {
            if (!IsPossible(spec))
            {
                throw new ArgumentException($"{spec} is not a window.", nameof(specs));
            }

            _slots.Add(spec, _slots.Count);
        }

        var longest = Specs.Aggregate(settings.HorizonTicks, (ticks, spec) => Math.Max(ticks, spec.ReachTicks));
        KeptTicks = EventTime.Together(longest, settings.AllowedLatenessTicks);
        EventFilter?[] filters = [null, .. Specs.Select(spec => spec.Filter).OfType<EventFilter>().Distinct()];
        Streams = [.. filters.Select(filter => new StreamLayout(this, filter, [.. Specs.Where(spec => Equals(spec.Filter, filter))]))];
        Slots = [.. Specs.Select(Place)];
    }

    public WindowSettings Settings { get; }

    public ImmutableArray<WindowSpec> Specs { get; }

    /// <summary>What each stream of a history holds: the first all transactions, the others those of one filter each.</summary>
    internal StreamLayout[] Streams { get; }

    /// <summary>In the order of <see cref="Specs"/>.</summary>
    internal WindowSlot[] Slots { get; }

    /// <summary>
    /// How far behind the newest transaction the others are kept, in ticks of 100 ns, so that the latest allowed one still sees its longest window: the
    /// horizon, or the longest delay and length together where that is more, and the allowed lateness.
    /// </summary>
    public long KeptTicks { get; }

    /// <summary>A plan with the windows of both, those of <paramref name="a"/> first and in the same slots. Both must have the same settings.</summary>
    public static WindowPlan Union(WindowPlan a, WindowPlan b)
    {
        if (a.Settings != b.Settings)
        {
            throw new ArgumentException($"Plans of different settings have no union: {a.Settings} and {b.Settings}.", nameof(b));
        }

        return a.Contains(b) ? a : new WindowPlan(a.Settings, [.. a.Specs, .. b.Specs]);
    }

    /// <summary>Whether all windows of another plan are among this one's, in whatever slots.</summary>
    public bool Contains(WindowPlan part) => ReferenceEquals(part, this) || part.Specs.All(_slots.ContainsKey);

    /// <summary>The slot of a window; -1 where the plan has none such.</summary>
    internal int SlotOf(WindowSpec spec) => _slots.GetValueOrDefault(spec, -1);

    /// <summary>The number of a filter's stream; -1 where the plan has none such.</summary>
    internal int StreamOf(EventFilter? filter) => Array.FindIndex(Streams, stream => Equals(stream.Filter, filter));

    private WindowSlot Place(WindowSpec spec)
    {
        var stream = StreamOf(spec.Filter);
        return Streams[stream].Place(spec, stream);
    }

    private bool IsPossible(WindowSpec spec)
    {
        var isText = spec.Field is >= TransactionField.TransactionId and <= TransactionField.Channel;
        var fieldFits = spec.Function switch
        {
            WindowFunction.None => false,
            WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed
                or WindowFunction.Rate or WindowFunction.Frauds or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud => spec.Field == TransactionField.None,
            WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max or WindowFunction.Stddev =>
                spec.Field == TransactionField.Amount,
            WindowFunction.Distinct or WindowFunction.Same => isText,
            WindowFunction.Last or WindowFunction.First => isText || spec.Field == TransactionField.Amount,
        };
        var delayMax = spec.Function is WindowFunction.Distance or WindowFunction.Speed ? 0 : Settings.HorizonTicks;
        return fieldFits && spec.LengthTicks > 0 && spec.LengthTicks <= Settings.HorizonTicks && spec.DelayTicks >= 0 && spec.DelayTicks <= delayMax;
    }
}
