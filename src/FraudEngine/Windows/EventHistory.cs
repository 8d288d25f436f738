using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The recent transactions of one entity, in the order of event time, with what the plan's windows need of them.</summary>
public sealed class EventHistory
{
    private readonly ExtremeStack? _smallest;
    private readonly ExtremeStack? _largest;

    public EventHistory(WindowPlan plan)
    {
        Plan = plan;
        Columns = new EventColumns(plan.Layout);
        Running = new RunningWindows(plan.Layout, Columns);
        _smallest = plan.Layout.HasMin ? new ExtremeStack(-1) : null;
        _largest = plan.Layout.HasMax ? new ExtremeStack(1) : null;
    }

    public WindowPlan Plan { get; }

    /// <summary>Transactions kept.</summary>
    public int Count => Columns.Count;

    /// <summary>The newest event time seen (the watermark), in UTC ticks; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestTicks => Count == 0 ? long.MinValue : Columns.Ticks[Columns.End - 1];

    /// <summary>
    /// The newest event time that is no longer kept; <see cref="long.MinValue"/> where nothing is missing. A window that starts before it is
    /// not known. What is forgotten by age lies before every window that a transaction which is not too late can see.
    /// </summary>
    public long ForgottenTicks { get; internal set; } = long.MinValue;

    internal EventColumns Columns { get; }

    internal RunningWindows Running { get; }

    /// <summary>Whether a transaction of that event time is too old to be put in its place.</summary>
    public bool IsTooLate(long timestampTicks) => timestampTicks < EventTime.Before(NewestTicks, Plan.Settings.AllowedLatenessTicks);

    /// <summary>
    /// Puts a transaction in its place: after all with the same or an earlier event time. It must not be too late; one that is (from a journal
    /// written with other settings) is put in its place all the same, or forgotten at once.
    /// </summary>
    public void Add(Transaction transaction)
    {
        var fields = Plan.Layout.TextFields;
        Span<TextKey> texts = stackalloc TextKey[fields.Length];
        for (var field = 0; field < fields.Length; field++)
        {
            texts[field] = TextKey.Of(transaction.Text(fields[field]));
        }

        Insert(transaction.TimestampTicks, transaction.Amount.Units, texts);
    }

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output) => HistorySnapshot.Write(this, output);

    /// <summary>
    /// Reads a snapshot; null where it was made for a plan that kept other fields or less time, so that the history must be rebuilt from the journal.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a whole snapshot.</exception>
    public static EventHistory? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan) => HistorySnapshot.Read(snapshot, plan);

    /// <summary>The smallest amount from a position to the newest event, as a position; -1 where there are none.</summary>
    internal int FindSmallest(int start) => _smallest!.Find(start);

    /// <summary>The largest amount from a position to the newest event, as a position; -1 where there are none.</summary>
    internal int FindLargest(int start) => _largest!.Find(start);

    /// <param name="texts">One per text field of the plan's layout.</param>
    internal void Insert(long ticks, long amount, ReadOnlySpan<TextKey> texts)
    {
        MakeRoom();
        var end = Columns.End;
        var at = ticks >= NewestTicks ? end : Columns.PlaceOf(ticks);
        Columns.Insert(at, ticks, amount);
        Span<int> previous = stackalloc int[texts.Length];
        for (var field = 0; field < texts.Length; field++)
        {
            previous[field] = Columns.Texts[field].Insert(at, end, texts[field]);
        }

        _smallest?.Insert(at, Columns.Amounts);
        _largest?.Insert(at, Columns.Amounts);
        Running.Insert(at, amount, previous);
        Forget();
    }

    private void MakeRoom()
    {
        var by = Columns.MakeRoom();
        if (by > 0)
        {
            _smallest?.Shift(by);
            _largest?.Shift(by);
            Running.Shift(by);
        }
    }

    private void Forget()
    {
        var upTo = EventTime.Before(NewestTicks, Plan.KeptTicks);
        while (Count > Plan.Settings.EventsMax || Columns.Ticks[Columns.First] <= upTo)
        {
            var first = Columns.First;
            ForgottenTicks = Math.Max(ForgottenTicks, Columns.Ticks[first]);
            _smallest?.RemoveFirst(first);
            _largest?.RemoveFirst(first);
            Running.RemoveFirst(first);
            Columns.RemoveFirst();
        }
    }
}
