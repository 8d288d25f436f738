using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>What a plan's windows over one stream share, and where each finds its part. Made once per plan, so that a stream holds numbers only.</summary>
internal sealed class StreamLayout
{
    /// <summary>One more than the number of the last text field.</summary>
    public const int TextFieldsEnd = (int)TransactionField.Channel + 1;

    /// <summary>Stands among the fields for the ids and the labels that find their events by them.</summary>
    public const TransactionField Labels = TransactionField.None;

    /// <param name="filter">Of all the windows; null where they look at all transactions.</param>
    public StreamLayout(WindowPlan plan, EventFilter? filter, WindowSpec[] specs)
    {
        Plan = plan;
        Filter = filter;
        long[] withTotals = [.. specs.Where(NeedsTotals).SelectMany(Ends).Distinct()];
        Lengths = [.. withTotals.Union(specs.SelectMany(Ends))];
        TotalsCount = withTotals.Length;
        TextFields = [.. specs.Select(spec => spec.Field).Where(field => field is not (TransactionField.None or TransactionField.Amount)).Distinct().Order()];
        HasAmount = specs.Any(spec => spec.Field == TransactionField.Amount);
        HasPosition = specs.Any(NeedsPosition);
        HasLabels = specs.Any(spec => spec.NeedsLabels);
        Fields = (HasLabels ? Bit(Labels) : 0) | (HasAmount ? Bit(TransactionField.Amount) : 0) | (HasPosition ? Bit(TransactionField.Latitude) : 0)
            | TextFields.Aggregate(0UL, (fields, field) => fields | Bit(field));
        HasMin = specs.Any(spec => spec.Function == WindowFunction.Min);
        HasMax = specs.Any(spec => spec.Function == WindowFunction.Max);
        Counters = [.. specs.Where(spec => spec.Function == WindowFunction.Distinct && spec.DelayTicks == 0)
            .Select(spec => new DistinctCounter(Array.IndexOf(Lengths, spec.ReachTicks), Array.IndexOf(TextFields, spec.Field)))
            .OrderBy(counter => counter.Length)];
        TextFrequency[] frequencies = [.. specs.Where(spec => spec.Function == WindowFunction.Same)
            .SelectMany(Ends, (spec, ticks) => (Length: Array.IndexOf(Lengths, ticks), Field: Array.IndexOf(TextFields, spec.Field))).Distinct()
            .GroupBy(counted => counted.Field)
            .SelectMany(counted => counted.Select((counter, place) => new TextFrequency(counter.Length, counter.Field, place)))];
        FrequenciesOf = [.. Lengths.Select((_, length) => Array.FindAll(frequencies, counter => counter.Length == length))];
        FrequencyCounts = [.. TextFields.Select((_, field) => frequencies.Count(counter => counter.Field == field))];
        CountersEnd = [.. Enumerable.Range(0, Lengths.Length).Select(length => Counters.Count(counter => counter.Length <= length))];
        IndexedFields = [.. specs.Select(IndexedField).OfType<TransactionField>().Distinct()];
        LabelIndex = Array.IndexOf(IndexedFields, Labels);
        Empty = new EventStream(this);
    }

    public WindowPlan Plan { get; }

    public EventFilter? Filter { get; }

    /// <summary>
    /// How far before the current transaction windows start, and delayed ones end: the different lengths; those with <see cref="AmountTotals"/> come first.
    /// </summary>
    public long[] Lengths { get; }

    /// <summary>How many lengths have totals.</summary>
    public int TotalsCount { get; }

    /// <summary>The text fields that are kept.</summary>
    public TransactionField[] TextFields { get; }

    public bool HasAmount { get; }

    public bool HasPosition { get; }

    /// <summary>Whether a window looks at labels, so that ids and known frauds are kept.</summary>
    public bool HasLabels { get; }

    public bool HasMin { get; }

    public bool HasMax { get; }

    /// <summary>The counters of distinct texts in windows without a delay, in the order of their lengths.</summary>
    public DistinctCounter[] Counters { get; }

    /// <summary>Where in <see cref="Counters"/> those of each length end and the next one's begin.</summary>
    public int[] CountersEnd { get; }

    /// <summary>For each length, where the windows that start there count how often each text of a field occurs.</summary>
    public TextFrequency[][] FrequenciesOf { get; }

    /// <summary>For each of <see cref="TextFields"/>, from how many starts its texts are counted.</summary>
    public int[] FrequencyCounts { get; }

    /// <summary>The fields with a <see cref="PresenceIndex"/>: texts, Latitude for the position, and <see cref="Labels"/> for known frauds.</summary>
    public TransactionField[] IndexedFields { get; }

    /// <summary>The place of the known frauds in <see cref="IndexedFields"/>; -1 where no window looks at them.</summary>
    public int LabelIndex { get; }

    /// <summary>The stream of every history into which nothing came yet. Reading it from any thread changes nothing; nothing is ever put in.</summary>
    public EventStream Empty { get; }

    /// <summary>What is kept of each transaction besides its time: bits by <see cref="TransactionField"/>, Latitude for the position, <see cref="Labels"/> for those.</summary>
    public ulong Fields { get; }

    public static ulong Bit(TransactionField field) => 1UL << (int)field;

    /// <param name="stream">The place of this layout in the plan.</param>
    public WindowSlot Place(WindowSpec spec, int stream)
    {
        var length = Array.IndexOf(Lengths, spec.ReachTicks);
        var delay = spec.DelayTicks == 0 ? -1 : Array.IndexOf(Lengths, spec.DelayTicks);
        var field = Array.IndexOf(TextFields, spec.Field);
        var isSame = spec.Function == WindowFunction.Same;
        var counter = isSame ? PlaceOf(length, field) : Array.IndexOf(Counters, new DistinctCounter(length, field));
        var delayCounter = isSame && delay >= 0 ? PlaceOf(delay, field) : -1;
        var index = IndexedField(spec) is { } indexed ? Array.IndexOf(IndexedFields, indexed) : -1;
        return new WindowSlot(spec, stream, length, delay, field, counter, delayCounter, index);
    }

    /// <summary>Where a field's column counts what is behind the start of the windows of a length.</summary>
    private int PlaceOf(int length, int field) => Array.Find(FrequenciesOf[length], counter => counter.Field == field).Place;

    private static long[] Ends(WindowSpec spec) => spec.DelayTicks == 0 ? [spec.ReachTicks] : [spec.ReachTicks, spec.DelayTicks];

    /// <summary>Null where none. The last text before the newest event would else be searched for one by one, behind a delay at every reading.</summary>
    private static TransactionField? IndexedField(WindowSpec spec) =>
        NeedsPosition(spec) ? TransactionField.Latitude
        : spec.NeedsLabels ? Labels
        : spec.IsText && (spec.Function == WindowFunction.First || spec.DelayTicks > 0) ? spec.Field
        : null;

    private static bool NeedsPosition(WindowSpec spec) => spec.Function is WindowFunction.Distance or WindowFunction.Speed;

    private static bool NeedsTotals(WindowSpec spec) => spec.Function is WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Stddev;
}

/// <summary>Counts the distinct texts of a field in windows of a length.</summary>
internal readonly record struct DistinctCounter(int Length, int Field);

/// <summary>Counts how often each text of a field occurs in windows of a length.</summary>
/// <param name="Place">Among the counts that the field's column keeps of each text.</param>
internal readonly record struct TextFrequency(int Length, int Field, int Place);
