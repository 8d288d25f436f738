using System.Diagnostics;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// Reads the windows of a plan from one history as one transaction sees them. The history may have that plan or any that contains it; slots are those of
/// the reader's own plan. One reader serves a whole shard; it allocates nothing but when it first meets a history's plan. Each value is computed when it is first asked for and kept until the next Begin; ask before the transaction is added to the history.
/// </summary>
public sealed class WindowReader(WindowPlan plan)
{
    /// <summary>A tick is 10^-7 seconds.</summary>
    private const byte TickDecimals = 7;

    private readonly WindowView _view = new();
    private readonly SlotMappings _mappings = new(plan);
    private readonly Reading[] _readings = new Reading[plan.Specs.Length];
    private WindowPlan _historyPlan = plan;

    /// <summary>The places of the plan's windows in the history's plan.</summary>
    private WindowSlot[] _slots = plan.Slots;
    private long _turn;

    public WindowPlan Plan { get; } = plan;

    /// <summary>Reads as <paramref name="current"/> sees it: included, though it is not yet in the history.</summary>
    /// <exception cref="InvalidOperationException">The history's plan does not contain the reader's.</exception>
    public void Begin(EventHistory history, Transaction current)
    {
        BeginTurn(history);
        _view.Open(history, current);
    }

    /// <summary>
    /// Reads as of an instant, with no current transaction. Any instant; leaves no trace in the history. A window that reaches back to what is
    /// no longer kept is <see cref="WindowStatus.Forgotten"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The history's plan does not contain the reader's.</exception>
    public void BeginAt(EventHistory history, long asOfTicks)
    {
        BeginTurn(history);
        _view.OpenAt(history, asOfTicks);
    }

    /// <summary>The number in a slot: Count, Distinct, Same and Frauds as whole numbers, Rate from 0 to 1, Since, SinceFraud and SinceFirstFraud in seconds, Distance in kilometres, Speed in km/h, the others in currency units.</summary>
    public WindowStatus Number(int slot, out decimal value)
    {
        ref readonly var reading = ref Read(slot);
        value = reading.Number;
        return reading.Status;
    }

    /// <summary>The text in a slot of First or Last over a text field.</summary>
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
        if (!ReferenceEquals(history.Plan, _historyPlan))
        {
            _slots = _mappings.Find(history.Plan);
            _historyPlan = history.Plan;
        }
    }

    private ref readonly Reading Read(int slot)
    {
        ref var reading = ref _readings[slot];
        if (reading.Turn != _turn)
        {
            reading = default;
            reading.Turn = _turn;
            reading.Status = Compute(_slots[slot], ref reading);
        }

        return ref reading;
    }

    private WindowStatus Compute(in WindowSlot slot, ref Reading reading)
    {
        var window = _view.Window(slot);
        var function = slot.Spec.Function;
        if (function is WindowFunction.Last or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed or WindowFunction.SinceFraud)
        {
            return ComputeNewest(window, function, ref reading);
        }

        if (function == WindowFunction.Same && !_view.HasText(window))
        {
            return WindowStatus.Missing;
        }

        if (window.IsForgotten)
        {
            return WindowStatus.Forgotten;
        }

        if (function is WindowFunction.First or WindowFunction.SinceFirstFraud)
        {
            return ComputeOldest(window, function, ref reading);
        }

        var count = WindowView.Count(window);
        if (count == 0 && function is WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max)
        {
            return WindowStatus.Missing;
        }

        reading.Number = function switch
        {
            WindowFunction.Count => count,
            WindowFunction.Sum => Units(_view.Totals(window).Sum),
            WindowFunction.Avg => Units(_view.Totals(window).Sum) / count,
            WindowFunction.Min => new Money(WindowView.Smallest(window)).ToDecimal(),
            WindowFunction.Max => new Money(WindowView.Largest(window)).ToDecimal(),
            WindowFunction.Stddev => SampleDeviation.Of(_view.Totals(window), count),
            WindowFunction.Distinct => _view.Distinct(window),
            WindowFunction.Same => _view.Same(window),
            WindowFunction.Rate => count == 0 ? 0 : (decimal)WindowView.Frauds(window) / count,
            WindowFunction.Frauds => WindowView.Frauds(window),
            WindowFunction.Last or WindowFunction.First or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed or WindowFunction.None
                or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud =>
                throw new UnreachableException(),
        };
        return WindowStatus.Ok;
    }

    /// <summary>What is forgotten is older than what is kept, so what is found is the newest even in a window that reaches behind it.</summary>
    private WindowStatus ComputeNewest(in WindowSpan window, WindowFunction function, ref Reading reading)
    {
        var isWay = function is WindowFunction.Distance or WindowFunction.Speed;
        var to = isWay ? _view.Position : GeoPosition.None;
        if (isWay && to.IsNone)
        {
            return WindowStatus.Missing;
        }

        var newest = WindowView.Last(window);
        if (newest < 0)
        {
            return window.IsForgotten ? WindowStatus.Forgotten : WindowStatus.Missing;
        }

        if (function == WindowFunction.Last)
        {
            return Show(window, newest, ref reading);
        }

        var ticks = _view.TicksSince(window, newest);
        reading.Number = !isWay ? Seconds(ticks)
            : function == WindowFunction.Distance ? GreatCircle.Distance(window.Stream.Columns.PositionAt(newest), to)
            : GreatCircle.Speed(window.Stream.Columns.PositionAt(newest), to, ticks);
        return WindowStatus.Ok;
    }

    private WindowStatus ComputeOldest(in WindowSpan window, WindowFunction function, ref Reading reading)
    {
        var oldest = WindowView.First(window);
        if (oldest < 0)
        {
            return WindowStatus.Missing;
        }

        if (function == WindowFunction.First)
        {
            return Show(window, oldest, ref reading);
        }

        reading.Number = Seconds(_view.TicksSince(window, oldest));
        return WindowStatus.Ok;
    }

    /// <summary>Takes the amount or the text of one event.</summary>
    private static WindowStatus Show(in WindowSpan window, int position, ref Reading reading)
    {
        var columns = window.Stream.Columns;
        if (window.Field < 0)
        {
            reading.Number = new Money(columns.AmountAt(position)).ToDecimal();
        }
        else
        {
            reading.Text = columns.TextAt(window.Field, position);
        }

        return WindowStatus.Ok;
    }

    private static decimal Seconds(long ticks) => new((int)ticks, (int)(ticks >> 32), 0, false, TickDecimals);

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
