namespace FraudEngine.Windows;

/// <summary>
/// One number per event, in four bytes each as a multiple of a unit above a base, as long as all are such multiples and near enough to each other, and else in
/// eight. There is one for each of a million accounts, and their numbers are most of what they hold.
/// </summary>
/// <param name="unit">Of which nearly all numbers are multiples.</param>
internal struct NumberColumn(long unit)
{
    /// <summary>Multiples of the unit that are left free below the smallest number, so that not each one that comes late needs another base.</summary>
    private const uint RoomBelow = 1 << 28;

    private uint[] _narrow = [];
    private long[]? _wide;
    private long _base;

    /// <summary>Events for which there is room.</summary>
    public readonly int Capacity => _wide?.Length ?? _narrow.Length;

    public readonly long this[int at] => _wide is not null ? _wide[at] : _base + (_narrow[at] * unit);

    /// <summary>Puts a number in its place among those from first to end. There must be room for it.</summary>
    public void Insert(int at, int first, int end, long value)
    {
        if (_wide is null && !Fits(value))
        {
            MakeFit(first, end, value);
        }

        if (_wide is not null)
        {
            Array.Copy(_wide, at, _wide, at + 1, end - at);
            _wide[at] = value;
        }
        else
        {
            Array.Copy(_narrow, at, _narrow, at + 1, end - at);
            _narrow[at] = (uint)((ulong)(value - _base) / (ulong)unit);
        }
    }

    /// <summary>Moves the numbers to the front of an array of that capacity.</summary>
    public void Move(int first, int end, int capacity)
    {
        if (_wide is not null)
        {
            _wide = EventColumns.Moved(_wide, first, end, capacity);
        }
        else
        {
            _narrow = EventColumns.Moved(_narrow, first, end, capacity);
        }
    }

    private readonly bool Fits(long value)
    {
        var (count, rest) = Math.DivRem((ulong)(value - _base), (ulong)unit);
        return value >= _base && rest == 0 && count <= uint.MaxValue;
    }

    private void MakeFit(int first, int end, long value)
    {
        var (smallest, largest) = (value, value);
        for (var at = first; at < end; at++)
        {
            smallest = Math.Min(smallest, this[at]);
            largest = Math.Max(largest, this[at]);
        }

        var room = RoomBelow * unit;
        var from = smallest < long.MinValue + room ? smallest : smallest - room;
        var isMultiple = first == end || (ulong)(Math.Max(value, this[first]) - Math.Min(value, this[first])) % (ulong)unit == 0;
        if (isMultiple && (ulong)(largest - from) / (ulong)unit <= uint.MaxValue)
        {
            for (var at = first; at < end; at++)
            {
                _narrow[at] = (uint)((ulong)(this[at] - from) / (ulong)unit);
            }

            _base = from;
            return;
        }

        var wide = new long[_narrow.Length];
        for (var at = first; at < end; at++)
        {
            wide[at] = this[at];
        }

        (_wide, _narrow) = (wide, []);
    }
}
