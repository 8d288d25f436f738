using System.Diagnostics;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Reads the windows of one history as one transaction sees them. One reader serves a whole shard; it allocates nothing.
/// Each value is computed when it is first asked for and kept until the next Begin; ask before the transaction is added to the history.
/// </summary>
public sealed class WindowReader
{
    private readonly WindowView _view = new();
    private Reading[] _readings = [];
    private long _turn;

    /// <summary>Reads as <paramref name="current"/> sees it: included, though it is not yet in the history.</summary>
    public void Begin(EventHistory history, Transaction current)
    {
        _view.Open(history, current);
        BeginTurn(history);
    }

    /// <summary>
    /// Reads as of an instant, with no current transaction. Any instant; leaves no trace in the history. A window that reaches back to what is
    /// no longer kept is <see cref="WindowStatus.Forgotten"/>.
    /// </summary>
    public void BeginAt(EventHistory history, long asOfTicks)
    {
        _view.OpenAt(history, asOfTicks);
        BeginTurn(history);
    }

    /// <summary>The number in a slot: Count and Distinct as whole numbers, the others in currency units.</summary>
    public WindowStatus Number(int slot, out decimal value)
    {
        ref readonly var reading = ref Read(slot);
        value = reading.Number;
        return reading.Status;
    }

    /// <summary>The text in a slot of Last over a text field.</summary>
    public WindowStatus Text(int slot, out TextKey value)
    {
        ref readonly var reading = ref Read(slot);
        value = reading.Text;
        return reading.Status;
    }

    /// <summary>Whether the slot was asked for since the last Begin.</summary>
    public bool IsRead(int slot) => _readings[slot].Turn == _turn;

    private void BeginTurn(EventHistory history)
    {
        _turn++;
        if (_readings.Length < history.Plan.Specs.Length)
        {
            _readings = new Reading[history.Plan.Specs.Length];
        }
    }

    private ref readonly Reading Read(int slot)
    {
        ref var reading = ref _readings[slot];
        if (reading.Turn != _turn)
        {
            reading = default;
            reading.Turn = _turn;
            reading.Status = Compute(slot, ref reading);
        }

        return ref reading;
    }

    private WindowStatus Compute(int slot, ref Reading reading)
    {
        var window = _view.Window(slot, out var spec);
        if (spec.Function == WindowFunction.Last)
        {
            return ComputeLast(window, ref reading);
        }

        if (window.IsForgotten)
        {
            return WindowStatus.Forgotten;
        }

        var count = _view.Count(window);
        if (count == 0 && spec.Function is WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max)
        {
            return WindowStatus.Missing;
        }

        reading.Number = spec.Function switch
        {
            WindowFunction.Count => count,
            WindowFunction.Sum => Units(_view.Totals(window).Sum),
            WindowFunction.Avg => Units(_view.Totals(window).Sum) / count,
            WindowFunction.Min => new Money(_view.Smallest(window)).ToDecimal(),
            WindowFunction.Max => new Money(_view.Largest(window)).ToDecimal(),
            WindowFunction.Stddev => SampleDeviation.Of(_view.Totals(window), count),
            WindowFunction.Distinct => _view.Distinct(window),
            WindowFunction.Last or WindowFunction.First or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed or WindowFunction.None => throw new UnreachableException(),
        };
        return WindowStatus.Ok;
    }

    /// <summary>What is forgotten is older than what is kept, so what is found is the last even in a window that reaches behind it.</summary>
    private WindowStatus ComputeLast(in WindowSpan window, ref Reading reading)
    {
        var last = _view.Last(window);
        if (last < 0)
        {
            return window.IsForgotten ? WindowStatus.Forgotten : WindowStatus.Missing;
        }

        if (window.Field < 0)
        {
            reading.Number = _view.AmountAt(last).ToDecimal();
        }
        else
        {
            reading.Text = _view.TextAt(window.Field, last);
        }

        return WindowStatus.Ok;
    }

    /// <summary>A sum below 10^22 minor units, so 96 bits hold it.</summary>
    private static decimal Units(UInt128 sum)
    {
        var low = (ulong)sum;
        return new decimal((int)low, (int)(low >> 32), (int)(ulong)(sum >> 64), false, Money.Decimals);
    }

    private struct Reading
    {
        public long Turn;
        public WindowStatus Status;
        public decimal Number;
        public TextKey Text;
    }
}
