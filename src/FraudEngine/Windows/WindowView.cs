using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// A history as seen at an instant, with or without a current transaction. A view from the newest event on reads what is kept running;
/// one from before, and one without a transaction, goes through the events.
/// </summary>
internal sealed class WindowView
{
    private readonly DistinctScan _scan = new();
    private EventHistory _history = null!;
    private Transaction? _current;
    private long _asOf;
    private bool _isRunning;

    /// <summary>By number; known where it was seen in this turn.</summary>
    private SeenStream[] _streams = [];
    private long _turn;

    /// <summary>The current transaction's texts, by <see cref="TransactionField"/>; known where the field's bit is set.</summary>
    private readonly TextKey[] _texts = new TextKey[StreamLayout.TextFieldsEnd];
    private int _textsKnown;

    /// <summary>The current transaction's position, or none.</summary>
    public GeoPosition Position => _current is null ? GeoPosition.None : GeoPosition.Of(_current);

    public void Open(EventHistory history, Transaction current)
    {
        Open(history, current.TimestampTicks);
        _current = current;
        _isRunning = current.TimestampTicks >= history.NewestTicks;
        _textsKnown = 0;
    }

    public void OpenAt(EventHistory history, long asOfTicks)
    {
        Open(history, asOfTicks);
        _current = null;
        _isRunning = false;
    }

    public WindowSpan Window(in WindowSlot slot)
    {
        ref readonly var seen = ref See(slot.Stream);
        var after = EventTime.Before(_asOf, slot.Spec.ReachTicks);
        var start = PlaceOf(seen.Stream, slot.Length, after);
        var isForgotten = after < seen.Stream.ForgottenTicks;
        var isDelayed = slot.Delay >= 0;
        var end = isDelayed ? PlaceOf(seen.Stream, slot.Delay, EventTime.Before(_asOf, slot.Spec.DelayTicks)) : seen.End;
        var included = isDelayed ? null : seen.Included;
        return new WindowSpan(seen.Stream, included, start, end, isForgotten, slot.Length, slot.Delay, slot.Field, slot.Counter, slot.DelayCounter, slot.Index);
    }

    public static int Count(in WindowSpan window) => window.End - window.Start + (window.Included is null ? 0 : 1);

    public AmountTotals Totals(in WindowSpan window)
    {
        var totals = !_isRunning ? window.Stream.TotalsOf(window.Length, window.Delay, window.Start, window.End)
            : window.Delay < 0 ? window.Stream.TotalsOf(window.Length)
            : window.Stream.TotalsOf(window.Length, window.Delay);
        return window.Included is null ? totals : totals.Plus(window.Included.Amount.Units);
    }

    /// <summary>The smallest amount, in minor units; the window has at least one.</summary>
    public static long Smallest(in WindowSpan window)
    {
        var smallest = window.Included?.Amount.Units ?? long.MaxValue;
        var (start, end) = EndsAtNewest(window) ? One(window.Stream.FindSmallest(window.Start)) : (window.Start, window.End);
        for (var at = start; at < end; at++)
        {
            smallest = Math.Min(smallest, window.Stream.Columns.AmountAt(at));
        }

        return smallest;
    }

    /// <summary>The largest amount, in minor units; the window has at least one.</summary>
    public static long Largest(in WindowSpan window)
    {
        var largest = window.Included?.Amount.Units ?? long.MinValue;
        var (start, end) = EndsAtNewest(window) ? One(window.Stream.FindLargest(window.Start)) : (window.Start, window.End);
        for (var at = start; at < end; at++)
        {
            largest = Math.Max(largest, window.Stream.Columns.AmountAt(at));
        }

        return largest;
    }

    public int Distinct(in WindowSpan window)
    {
        ref readonly var column = ref window.Stream.Columns.Texts(window.Field);
        var current = window.Included is null ? default : TextOf(window.Included, window.Stream.Layout.TextFields[window.Field]);
        if (!_isRunning || window.Delay >= 0)
        {
            return _scan.Count(window.Stream.Columns, window.Field, window.Start, window.End, current);
        }

        var isNew = !current.IsNone && column.LastOf(current) < window.Start;
        return window.Stream.DistinctOf(window.Counter) + (isNew ? 1 : 0);
    }

    /// <summary>Whether there is a current transaction that has the window's field.</summary>
    public bool HasText(in WindowSpan window) => !CurrentText(window).IsNone;

    /// <summary>The transactions with the text of the current one, which <see cref="HasText"/>.</summary>
    public int Same(in WindowSpan window)
    {
        ref readonly var column = ref window.Stream.Columns.Texts(window.Field);
        var symbol = column.SymbolOf(CurrentText(window));
        var earlier = symbol == SymbolTable.None ? 0
            : !_isRunning ? window.Stream.Columns.CountOf(window.Field, symbol, window.Start, window.End)
            : column.CountOf(symbol, window.Counter) - (window.Delay < 0 ? 0 : column.CountOf(symbol, window.DelayCounter));
        return earlier + (window.Included is null ? 0 : 1);
    }

    /// <summary>Known frauds; the current transaction is not known to be one.</summary>
    public static int Frauds(in WindowSpan window) => window.Stream.Index(window.Index).Count(window.Start, window.End);

    /// <summary>The position of the newest event that the window looks for: any, one that has its field, a known fraud; -1 where there is none.</summary>
    public static int Last(in WindowSpan window)
    {
        var last = window.End - 1;
        if (window.Index >= 0)
        {
            last = window.Stream.Index(window.Index).LastBefore(window.End);
        }
        else if (window.Field >= 0)
        {
            var columns = window.Stream.Columns;
            last = Math.Min(last, columns.Texts(window.Field).Latest);
            while (last >= window.Start && columns.SymbolAt(window.Field, last) == SymbolTable.None)
            {
                last--;
            }
        }

        return last >= window.Start ? last : -1;
    }

    /// <summary>The position of the oldest event that the window looks for; -1 where there is none.</summary>
    public static int First(in WindowSpan window)
    {
        var first = window.Index < 0 ? window.Start : window.Stream.Index(window.Index).FirstFrom(window.Start);
        return first < window.End ? first : -1;
    }

    /// <summary>The time from an event to the instant of the view. An event in a window is not so far away that it overflows.</summary>
    public long TicksSince(in WindowSpan window, int position) => _asOf - window.Stream.Columns.TicksAt(position);

    private void Open(EventHistory history, long asOfTicks)
    {
        _history = history;
        _asOf = asOfTicks;
        _turn++;
        if (_streams.Length < history.Plan.Streams.Length)
        {
            _streams = new SeenStream[history.Plan.Streams.Length];
        }
    }

    /// <summary>The position behind all events of that or an earlier time, which lies a length before the view.</summary>
    private int PlaceOf(EventStream stream, int length, long ticks) => _isRunning ? stream.MoveStart(length, ticks) : stream.Columns.PlaceOf(ticks);

    private ref readonly SeenStream See(int number)
    {
        ref var seen = ref _streams[number];
        if (seen.Turn != _turn)
        {
            var stream = _history.Stream(number);
            seen.Turn = _turn;
            seen.Stream = stream;
            seen.End = _asOf >= stream.NewestTicks ? stream.Columns.End : stream.Columns.PlaceOf(_asOf);
            seen.Included = _current is not null && (stream.Layout.Filter?.Passes(_current) ?? true) ? _current : null;
        }

        return ref seen;
    }

    private static bool EndsAtNewest(in WindowSpan window) => window.End == window.Stream.Columns.End;

    private static (int Start, int End) One(int position) => position < 0 ? (0, 0) : (position, position + 1);

    private TextKey CurrentText(in WindowSpan window) =>
        _current is null ? default : TextOf(_current, window.Stream.Layout.TextFields[window.Field]);

    private TextKey TextOf(Transaction current, TransactionField field)
    {
        if ((_textsKnown & (1 << (int)field)) == 0)
        {
            _texts[(int)field] = TextKey.Of(current.Text(field));
            _textsKnown |= 1 << (int)field;
        }

        return _texts[(int)field];
    }

    private struct SeenStream
    {
        public long Turn;
        public EventStream Stream;
        public int End;

        /// <summary>The current transaction where it passes the stream's filter.</summary>
        public Transaction? Included;
    }
}
