using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>The transactions of a history that pass one filter, or all of them, in the order of event time, with what the windows over them need.</summary>
internal sealed class EventStream
{
    private readonly RunningWindows _running;
    private readonly ExtremeStack? _smallest;
    private readonly ExtremeStack? _largest;
    private readonly PresenceIndex[] _indexes;

    public EventStream(StreamLayout layout)
    {
        Columns = new EventColumns(layout);
        _running = new RunningWindows(layout);
        _smallest = layout.HasMin ? new ExtremeStack(-1) : null;
        _largest = layout.HasMax ? new ExtremeStack(1) : null;
        _indexes = layout.IndexedFields.Length == 0 ? [] : [.. layout.IndexedFields.Select(_ => new PresenceIndex())];
    }

    public StreamLayout Layout => _running.Layout;

    public EventColumns Columns { get; }

    public int Count => Columns.Count;

    /// <summary>The newest event time kept; <see cref="long.MinValue"/> where there is none.</summary>
    public long NewestTicks => Count == 0 ? long.MinValue : Columns.TicksAt(Columns.End - 1);

    /// <summary>The newest event time that is no longer kept; <see cref="long.MinValue"/> where nothing is missing.</summary>
    public long ForgottenTicks { get; set; } = long.MinValue;

    /// <summary>Moves the start of the windows of a length behind all events of that or an earlier time, and returns it.</summary>
    public int MoveStart(int length, long after) => _running.MoveStart(Columns, length, after);

    /// <summary>The totals from the start of the windows of a length to the newest event.</summary>
    public AmountTotals TotalsOf(int length) => _running.TotalsOf(length);

    /// <summary>The totals from the start of the windows of a length to that of a shorter one, both moved for the same instant.</summary>
    public AmountTotals TotalsOf(int length, int delay) => _running.TotalsOf(length, delay);

    /// <summary>The totals of any events; quicker where they are nearly those from the start of a length's windows to their end.</summary>
    /// <param name="delay">The length at which they end; -1 where they end at the newest event.</param>
    public AmountTotals TotalsOf(int length, int delay, int start, int end) => _running.TotalsOf(Columns, length, delay, start, end);

    /// <summary>The distinct texts from a window's start to the newest event.</summary>
    public int DistinctOf(int counter) => _running.DistinctOf(counter);

    /// <summary>The smallest amount from a position to the newest event, as a position; -1 where there are none.</summary>
    public int FindSmallest(int start) => _smallest!.FirstFrom(start);

    /// <summary>The largest amount from a position to the newest event, as a position; -1 where there are none.</summary>
    public int FindLargest(int start) => _largest!.FirstFrom(start);

    /// <summary>The events that have an indexed field, or are known to be frauds.</summary>
    public PresenceIndex Index(int index) => _indexes[index];

    /// <summary>Puts an event in its place: after all with the same or an earlier time.</summary>
    public void Insert(in EventValues values, HistoryMemory memory)
    {
        MakeRoom(1, memory);
        var at = values.Ticks >= NewestTicks ? Columns.End : Columns.PlaceOf(values.Ticks);
        Columns.Insert(at, values, memory);
        var fields = Layout.TextFields;
        Span<int> previous = stackalloc int[fields.Length];
        for (var field = 0; field < fields.Length; field++)
        {
            previous[field] = Columns.InsertText(field, at, values.Texts[(int)fields[field]], memory);
        }

        for (var index = 0; index < _indexes.Length; index++)
        {
            _indexes[index].Insert(at, values.Has(Layout.IndexedFields[index]), memory);
        }

        _smallest?.Insert(at, Columns, memory);
        _largest?.Insert(at, Columns, memory);
        _running.Insert(Columns, at, previous);
    }

    /// <summary>Sets what the events of that time and id turned out to be; nothing where there are none such, or no window looks at labels.</summary>
    public void Label(long ticks, ulong id, bool isFraud, HistoryMemory memory)
    {
        if (!Layout.HasLabels)
        {
            return;
        }

        for (var at = Columns.PlaceOf(ticks) - 1; at >= Columns.First && Columns.TicksAt(at) == ticks; at--)
        {
            if (Columns.IdAt(at) == id)
            {
                _indexes[Layout.LabelIndex].Set(at, isFraud, memory);
            }
        }
    }

    /// <summary>Whether the event at a position is known to be a fraud; false where no window looks at labels.</summary>
    public bool IsFraud(int at) => Layout.HasLabels && _indexes[Layout.LabelIndex].Contains(at);

    /// <summary>Forgets the events up to a time, and the oldest ones while there are more than the plan allows.</summary>
    public void Forget(long upTo)
    {
        var countMax = Layout.Plan.Settings.EventsMax;
        while (Count > countMax || (Count > 0 && Columns.TicksAt(Columns.First) <= upTo))
        {
            var first = Columns.First;
            ForgottenTicks = Math.Max(ForgottenTicks, Columns.TicksAt(first));
            _smallest?.RemoveFirst(first);
            _largest?.RemoveFirst(first);
            foreach (var index in _indexes)
            {
                index.RemoveFirst(first);
            }

            _running.RemoveFirst(Columns, first);
            Columns.RemoveFirst();
        }
    }

    /// <summary>Makes room for so many events more, 0 or 1, or gives back what is far too much.</summary>
    public void MakeRoom(int more, HistoryMemory memory)
    {
        var by = Columns.MakeRoom(more, memory);
        if (by > 0)
        {
            _smallest?.Shift(by);
            _largest?.Shift(by);
            foreach (var index in _indexes)
            {
                index.Shift(by);
            }

            _running.Shift(by);
        }
    }

    /// <summary>See <see cref="EventHistory.TouchNear"/>.</summary>
    public long TouchNear() => Columns.TouchNear() + _running.Touch();

    /// <summary>See <see cref="EventHistory.TouchFar"/>.</summary>
    public long TouchFar() => Columns.TouchFar() + _running.TouchStarts(Columns);

    /// <summary>Gives back all memory; nothing may be asked of it any more.</summary>
    public void Release(HistoryMemory memory)
    {
        Columns.Release(memory);
        _smallest?.Release(memory);
        _largest?.Release(memory);
        foreach (var index in _indexes)
        {
            index.Release(memory);
        }
    }

    /// <summary>Whether a stream of another layout can be made from what is kept here.</summary>
    /// <param name="newestTicks">The watermark.</param>
    public bool Serves(StreamLayout layout, long newestTicks)
    {
        var hasFields = (Layout.Fields & layout.Fields) == layout.Fields;

        // With room for more events the other would still hold what this one has forgotten for lack of room.
        return hasFields && (layout.Plan.Settings.EventsMax <= Layout.Plan.Settings.EventsMax
            || ForgottenTicks <= EventTime.Before(newestTicks, layout.Plan.KeptTicks));
    }

    /// <summary>Puts all that is kept here into an empty stream, which this one <see cref="Serves"/>.</summary>
    /// <param name="forgetUpTo">The time up to which that stream forgets.</param>
    /// <param name="memory">That stream's.</param>
    public void CopyTo(EventStream other, long forgetUpTo, HistoryMemory memory)
    {
        other.ForgottenTicks = ForgottenTicks;
        var fields = other.Layout.TextFields;
        Span<TextKey> texts = stackalloc TextKey[StreamLayout.TextFieldsEnd];
        for (var at = Columns.First; at < Columns.End; at++)
        {
            foreach (var field in fields)
            {
                texts[(int)field] = Columns.TextAt(Array.IndexOf(Layout.TextFields, field), at);
            }

            var amount = other.Layout.HasAmount ? Columns.AmountAt(at) : 0;
            var position = other.Layout.HasPosition ? Columns.PositionAt(at) : GeoPosition.None;
            var id = other.Layout.HasLabels ? Columns.IdAt(at) : 0;
            other.Insert(new EventValues(Columns.TicksAt(at), amount, position, texts, id, other.Layout.HasLabels && IsFraud(at)), memory);
            other.Forget(forgetUpTo);
        }
    }
}
