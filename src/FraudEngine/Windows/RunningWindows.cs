namespace FraudEngine.Windows;

/// <summary>
/// For every length of a plan the start of the window that ends at the newest event, with the totals and counts of what is in it. A delayed window is what the
/// window from its start has more than the one from its end.
/// A start moves forward with event time, so that each event is passed once per length; it can also go back, so it is right whatever
/// was asked before.
/// </summary>
internal readonly struct RunningWindows(StreamLayout layout)
{
    /// <summary>The starts, one per length, and behind them the counts of distinct texts; one array, since there is one for each of a million accounts.</summary>
    private readonly int[] _starts = layout.Lengths.Length == 0 ? [] : new int[layout.Lengths.Length + layout.Counters.Length];
    private readonly AmountTotals[] _totals = layout.TotalsCount == 0 ? [] : new AmountTotals[layout.TotalsCount];

    public StreamLayout Layout { get; } = layout;

    /// <summary>Moves a window's start behind all events of that or an earlier time, and returns it.</summary>
    public int MoveStart(EventColumns columns, int length, long after)
    {
        ref var start = ref _starts[length];
        while (start < columns.End && columns.TicksAt(start) <= after)
        {
            Leave(columns, length, start++);
        }

        while (start > columns.First && columns.TicksAt(start - 1) > after)
        {
            Enter(columns, length, --start);
        }

        return start;
    }

    /// <summary>The totals from a window's start to the newest event.</summary>
    public AmountTotals TotalsOf(int length) => _totals[length];

    /// <summary>The totals from a window's start to that of a shorter one, where both were moved for the same instant.</summary>
    public AmountTotals TotalsOf(int length, int delay) => _totals[length].Minus(_totals[delay]);

    /// <summary>The totals of any events, without moving the window; starts from its totals where that is the shorter way.</summary>
    /// <param name="delay">The shorter length at which the window ends; -1 where it ends at the newest event.</param>
    public AmountTotals TotalsOf(EventColumns columns, int length, int delay, int start, int end)
    {
        var windowStart = _starts[length];
        var windowEnd = delay < 0 ? columns.End : _starts[delay];

        // Where the way from it is the shorter one, the window overlaps the events, so its start lies before its end however the two were moved.
        if (Math.Abs(start - windowStart) + Math.Abs(end - windowEnd) >= end - start)
        {
            return Plus(default, columns, start, end);
        }

        var totals = delay < 0 ? _totals[length] : TotalsOf(length, delay);
        totals = end < windowEnd ? Minus(totals, columns, end, windowEnd) : Plus(totals, columns, windowEnd, end);
        return start < windowStart ? Plus(totals, columns, start, windowStart) : Minus(totals, columns, windowStart, start);
    }

    /// <summary>The distinct texts from a window's start to the newest event.</summary>
    public int DistinctOf(int counter) => Distinct(counter);

    /// <summary>Takes in the event that was put at a position.</summary>
    /// <param name="previous">For each text field what <see cref="TextColumn.Insert"/> returned.</param>
    public void Insert(EventColumns columns, int at, ReadOnlySpan<int> previous)
    {
        var counter = 0;
        for (var length = 0; length < Layout.Lengths.Length; length++)
        {
            var start = _starts[length];
            var countersEnd = Layout.CountersEnd[length];
            if (at < start)
            {
                _starts[length]++;
                counter = countersEnd;
                continue;
            }

            if (length < _totals.Length)
            {
                _totals[length] = _totals[length].Plus(columns.AmountAt(at));
            }

            Count(columns, length, at, 1);

            for (; counter < countersEnd; counter++)
            {
                Distinct(counter) += previous[Layout.Counters[counter].Field] < start ? 1 : 0;
            }
        }
    }

    /// <summary>Forgets the oldest event, which the columns still hold.</summary>
    public void RemoveFirst(EventColumns columns, int first)
    {
        for (var length = 0; length < Layout.Lengths.Length; length++)
        {
            if (_starts[length] == first)
            {
                Leave(columns, length, first);
                _starts[length]++;
            }
        }
    }

    /// <summary>Reads all; see <see cref="EventHistory.TouchNear"/>.</summary>
    public long Touch()
    {
        var sum = 0L;
        foreach (var start in _starts)
        {
            sum += start;
        }

        foreach (ref readonly var totals in _totals.AsSpan())
        {
            sum += (long)(ulong)totals.Sum;
        }

        return sum;
    }

    /// <summary>Reads the times at which the windows start; see <see cref="EventHistory.TouchFar"/>.</summary>
    public long TouchStarts(EventColumns columns)
    {
        var sum = 0L;
        foreach (var start in _starts.AsSpan(0, Layout.Lengths.Length))
        {
            sum += start < columns.End ? columns.TicksAt(start) : 0;
        }

        return sum;
    }

    public void Shift(int by)
    {
        foreach (ref var start in _starts.AsSpan(0, Layout.Lengths.Length))
        {
            start -= by;
        }
    }

    // Seen from a window that ends at the newest event, a text leaves with its last occurrence and enters with it.
    private void Leave(EventColumns columns, int length, int at)
    {
        if (length < _totals.Length)
        {
            _totals[length] = _totals[length].Minus(columns.AmountAt(at));
        }

        for (var counter = CountersStart(length); counter < Layout.CountersEnd[length]; counter++)
        {
            Distinct(counter) -= columns.IsLastOfItsText(Layout.Counters[counter].Field, at) ? 1 : 0;
        }

        Count(columns, length, at, -1);
    }

    private void Enter(EventColumns columns, int length, int at)
    {
        if (length < _totals.Length)
        {
            _totals[length] = _totals[length].Plus(columns.AmountAt(at));
        }

        for (var counter = CountersStart(length); counter < Layout.CountersEnd[length]; counter++)
        {
            Distinct(counter) += columns.IsLastOfItsText(Layout.Counters[counter].Field, at) ? 1 : 0;
        }

        Count(columns, length, at, 1);
    }

    private void Count(EventColumns columns, int length, int at, int by)
    {
        foreach (var counter in Layout.FrequenciesOf[length])
        {
            columns.CountText(counter.Field, at, counter.Place, by);
        }
    }

    private ref int Distinct(int counter) => ref _starts[Layout.Lengths.Length + counter];

    private int CountersStart(int length) => length == 0 ? 0 : Layout.CountersEnd[length - 1];

    private static AmountTotals Plus(AmountTotals totals, EventColumns columns, int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            totals = totals.Plus(columns.AmountAt(at));
        }

        return totals;
    }

    private static AmountTotals Minus(AmountTotals totals, EventColumns columns, int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            totals = totals.Minus(columns.AmountAt(at));
        }

        return totals;
    }
}
