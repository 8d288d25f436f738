using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>What the windows of a plan share, and where each finds its part. Made once per plan, so that a history holds numbers only.</summary>
internal sealed class WindowLayout
{
    public WindowLayout(ImmutableArray<WindowSpec> specs)
    {
        Lengths = [.. specs.Select(spec => spec.LengthTicks).Distinct().OrderBy(length => specs.Any(spec => spec.LengthTicks == length && NeedsTotals(spec)) ? 0 : 1)];
        TotalsCount = specs.Where(NeedsTotals).Select(spec => spec.LengthTicks).Distinct().Count();
        TextFields = [.. specs.Select(spec => spec.Field).Where(field => field is not (TransactionField.None or TransactionField.Amount)).Distinct().Order()];
        HasAmount = specs.Any(spec => spec.Field == TransactionField.Amount);
        HasMin = specs.Any(spec => spec.Function == WindowFunction.Min);
        HasMax = specs.Any(spec => spec.Function == WindowFunction.Max);
        Counters = [.. specs.Where(spec => spec.Function == WindowFunction.Distinct)
            .Select(spec => new DistinctCounter(Array.IndexOf(Lengths, spec.LengthTicks), Array.IndexOf(TextFields, spec.Field)))
            .OrderBy(counter => counter.Length)];
        CountersEnd = [.. Enumerable.Range(0, Lengths.Length).Select(length => Counters.Count(counter => counter.Length <= length))];
        Slots = [.. specs.Select(Place)];
    }

    /// <summary>The different lengths; those with <see cref="AmountTotals"/> come first.</summary>
    public long[] Lengths { get; }

    /// <summary>How many lengths have totals.</summary>
    public int TotalsCount { get; }

    /// <summary>The text fields that are kept.</summary>
    public TransactionField[] TextFields { get; }

    public bool HasAmount { get; }

    public bool HasMin { get; }

    public bool HasMax { get; }

    /// <summary>The counters of distinct texts, in the order of their lengths.</summary>
    public DistinctCounter[] Counters { get; }

    /// <summary>Where in <see cref="Counters"/> those of each length end and the next one's begin.</summary>
    public int[] CountersEnd { get; }

    public WindowSlot[] Slots { get; }

    private WindowSlot Place(WindowSpec spec)
    {
        var length = Array.IndexOf(Lengths, spec.LengthTicks);
        var field = Array.IndexOf(TextFields, spec.Field);
        return new WindowSlot(spec, length, field, Array.IndexOf(Counters, new DistinctCounter(length, field)));
    }

    private static bool NeedsTotals(WindowSpec spec) => spec.Function is WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Stddev;
}

/// <summary>One window with its places in the layout; -1 where it has none.</summary>
internal readonly record struct WindowSlot(WindowSpec Spec, int Length, int Field, int Counter);

/// <summary>Counts the distinct texts of a field in windows of a length.</summary>
internal readonly record struct DistinctCounter(int Length, int Field);
