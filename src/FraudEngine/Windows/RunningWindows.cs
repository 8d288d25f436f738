namespace FraudEngine.Windows;

/// <summary>
/// For every length of a plan the start of the window that ends at the newest event, with the totals and counts of what is in it.
/// A start moves forward with event time, so that each event is passed once per length; it can also go back, so it is right whatever
/// was asked before.
/// </summary>
internal readonly struct RunningWindows(StreamLayout layout)
{
    private readonly int[] _starts = layout.Lengths.Length == 0 ? [] : new int[layout.Lengths.Length];
    private readonly AmountTotals[] _totals = layout.TotalsCount == 0 ? [] : new AmountTotals[layout.TotalsCount];
    private readonly int[] _distinct = layout.Counters.Length == 0 ? [] : new int[layout.Counters.Length];

    public StreamLayout Layout { get; } = layout;

    /// <summary>Moves a window's start behind all events of that or an earlier time, and returns it.</summary>
    public int MoveStart(EventColumns columns, int length, long after)
    {
        var ticks = columns.Ticks;
        ref var start = ref _starts[length];
        while (start < columns.End && ticks[start] <= after)
        {
            Leave(columns, length, start++);
        }

        while (start > columns.First && ticks[start - 1] > after)
        {
            Enter(columns, length, --start);
        }

        return start;
    }

    /// <summary>The totals from a window's start to the newest event.</summary>
    public AmountTotals TotalsOf(int length) => _totals[length];

    /// <summary>The totals of any events, without moving the window; starts from its totals where that is the shorter way.</summary>
    public AmountTotals TotalsOf(EventColumns columns, int length, int start, int end)
    {
        var amounts = columns.Amounts;
        var windowStart = _starts[length];
        if (Math.Abs(start - windowStart) + columns.End - end >= end - start)
        {
            return Plus(default, amounts[start..end]);
        }

        var totals = Minus(_totals[length], amounts[end..columns.End]);
        return start < windowStart ? Plus(totals, amounts[start..windowStart]) : Minus(totals, amounts[windowStart..start]);
    }

    /// <summary>The distinct texts from a window's start to the newest event.</summary>
    public int DistinctOf(int counter) => _distinct[counter];

    /// <summary>Takes in the event that was put at a position.</summary>
    /// <param name="previous">For each text field what <see cref="TextColumn.Insert"/> returned.</param>
    public void Insert(int at, long amount, ReadOnlySpan<int> previous)
    {
        var counter = 0;
        for (var length = 0; length < _starts.Length; length++)
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
                _totals[length] = _totals[length].Plus(amount);
            }

            for (; counter < countersEnd; counter++)
            {
                _distinct[counter] += previous[Layout.Counters[counter].Field] < start ? 1 : 0;
            }
        }
    }

    /// <summary>Forgets the oldest event, which the columns still hold.</summary>
    public void RemoveFirst(EventColumns columns, int first)
    {
        for (var length = 0; length < _starts.Length; length++)
        {
            if (_starts[length] == first)
            {
                Leave(columns, length, first);
                _starts[length]++;
            }
        }
    }

    public void Shift(int by)
    {
        foreach (ref var start in _starts.AsSpan())
        {
            start -= by;
        }
    }

    // Seen from a window that ends at the newest event, a text leaves with its last occurrence and enters with it.
    private void Leave(EventColumns columns, int length, int at)
    {
        if (length < _totals.Length)
        {
            _totals[length] = _totals[length].Minus(columns.Amounts[at]);
        }

        for (var counter = CountersStart(length); counter < Layout.CountersEnd[length]; counter++)
        {
            _distinct[counter] -= columns.Texts[Layout.Counters[counter].Field].IsLastOfItsText(at) ? 1 : 0;
        }
    }

    private void Enter(EventColumns columns, int length, int at)
    {
        if (length < _totals.Length)
        {
            _totals[length] = _totals[length].Plus(columns.Amounts[at]);
        }

        for (var counter = CountersStart(length); counter < Layout.CountersEnd[length]; counter++)
        {
            _distinct[counter] += columns.Texts[Layout.Counters[counter].Field].IsLastOfItsText(at) ? 1 : 0;
        }
    }

    private int CountersStart(int length) => length == 0 ? 0 : Layout.CountersEnd[length - 1];

    private static AmountTotals Plus(AmountTotals totals, ReadOnlySpan<long> amounts)
    {
        foreach (var amount in amounts)
        {
            totals = totals.Plus(amount);
        }

        return totals;
    }

    private static AmountTotals Minus(AmountTotals totals, ReadOnlySpan<long> amounts)
    {
        foreach (var amount in amounts)
        {
            totals = totals.Minus(amount);
        }

        return totals;
    }
}
