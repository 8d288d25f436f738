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
    private int _end;
    private bool _isRunning;

    /// <summary>The current transaction's texts, by place in the layout; known where the place's bit is set.</summary>
    private TextKey[] _texts = [];
    private int _textsKnown;

    private bool EndsAtNewest => _end == _history.Columns.End;

    public void Open(EventHistory history, Transaction current)
    {
        Open(history, current.TimestampTicks);
        _current = current;
        _isRunning = current.TimestampTicks >= history.NewestTicks;
        _textsKnown = 0;
        if (_texts.Length < history.Plan.Layout.TextFields.Length)
        {
            _texts = new TextKey[history.Plan.Layout.TextFields.Length];
        }
    }

    public void OpenAt(EventHistory history, long asOfTicks)
    {
        Open(history, asOfTicks);
        _current = null;
        _isRunning = false;
    }

    public WindowSpan Window(int slot, out WindowSpec spec)
    {
        ref readonly var place = ref _history.Plan.Layout.Slots[slot];
        spec = place.Spec;
        var after = EventTime.Before(_asOf, spec.LengthTicks);
        var start = _isRunning ? _history.Running.MoveStart(place.Length, after) : _history.Columns.PlaceOf(after);
        return new WindowSpan(start, _end, after < _history.ForgottenTicks, place.Length, place.Field, place.Counter);
    }

    public int Count(in WindowSpan window) => window.End - window.Start + (_current is null ? 0 : 1);

    public AmountTotals Totals(in WindowSpan window)
    {
        var totals = _isRunning
            ? _history.Running.TotalsOf(window.Length)
            : _history.Running.TotalsOf(window.Length, window.Start, window.End);
        return _current is null ? totals : totals.Plus(_current.Amount.Units);
    }

    /// <summary>The smallest amount, in minor units; the window has at least one.</summary>
    public long Smallest(in WindowSpan window)
    {
        var smallest = _current?.Amount.Units ?? long.MaxValue;
        foreach (var amount in EndsAtNewest ? At(_history.FindSmallest(window.Start)) : All(window))
        {
            smallest = Math.Min(smallest, amount);
        }

        return smallest;
    }

    /// <summary>The largest amount, in minor units; the window has at least one.</summary>
    public long Largest(in WindowSpan window)
    {
        var largest = _current?.Amount.Units ?? long.MinValue;
        foreach (var amount in EndsAtNewest ? At(_history.FindLargest(window.Start)) : All(window))
        {
            largest = Math.Max(largest, amount);
        }

        return largest;
    }

    public int Distinct(in WindowSpan window)
    {
        var column = _history.Columns.Texts[window.Field];
        var current = _current is null ? default : CurrentText(window.Field, _current);
        if (!_isRunning)
        {
            return _scan.Count(column, window.Start, window.End, current);
        }

        var isNew = !current.IsNone && column.LastOf(current) < window.Start;
        return _history.Running.DistinctOf(window.Counter) + (isNew ? 1 : 0);
    }

    /// <summary>The position of the newest event that has the window's field; -1 where none has.</summary>
    public int Last(in WindowSpan window)
    {
        var last = window.End - 1;
        if (window.Field >= 0)
        {
            var column = _history.Columns.Texts[window.Field];
            last = Math.Min(last, column.Latest);
            while (last >= window.Start && column.Symbols[last] == SymbolTable.None)
            {
                last--;
            }
        }

        return last >= window.Start ? last : -1;
    }

    public Money AmountAt(int position) => new(_history.Columns.Amounts[position]);

    public TextKey TextAt(int field, int position)
    {
        var column = _history.Columns.Texts[field];
        return column.KeyOf(column.Symbols[position]);
    }

    private void Open(EventHistory history, long asOfTicks)
    {
        _history = history;
        _asOf = asOfTicks;
        _end = asOfTicks >= history.NewestTicks ? history.Columns.End : history.Columns.PlaceOf(asOfTicks);
    }

    private ReadOnlySpan<long> All(in WindowSpan window) => _history.Columns.Amounts[window.Start..window.End];

    private ReadOnlySpan<long> At(int position) => position < 0 ? [] : _history.Columns.Amounts.Slice(position, 1);

    private TextKey CurrentText(int field, Transaction current)
    {
        if ((_textsKnown & (1 << field)) == 0)
        {
            _texts[field] = TextKey.Of(current.Text(_history.Plan.Layout.TextFields[field]));
            _textsKnown |= 1 << field;
        }

        return _texts[field];
    }
}
