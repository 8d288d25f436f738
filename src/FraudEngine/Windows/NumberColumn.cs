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

    private ColumnBytes _bytes = new(sizeof(uint));
    private long _base;

    public readonly ColumnBytes Bytes => _bytes;

    public readonly long this[int at] => _bytes.IsWide ? _bytes.Int64(at) : _base + (_bytes.UInt32(at) * unit);

    /// <summary>Puts a number in its place among those from first to end. There must be room for it.</summary>
    /// <param name="capacity">Numbers for which there is room.</param>
    public void Insert(int at, int first, int end, int capacity, long value)
    {
        if (!_bytes.IsWide && !Fits(value))
        {
            MakeFit(first, end, capacity, value);
        }

        _bytes.MakeGap(at, end);
        if (_bytes.IsWide)
        {
            _bytes.Set(at, value);
        }
        else
        {
            _bytes.Set(at, Narrow(value, _base));
        }
    }

    /// <summary>Moves the numbers to the front of their place in a block; see <see cref="ColumnBytes.Move"/>.</summary>
    public void Move(int first, int end, int capacity, byte[] block, ref int start) => _bytes.Move(first, end, capacity, block, ref start);

    private readonly uint Narrow(long value, long from) => (uint)((ulong)(value - from) / (ulong)unit);

    private readonly bool Fits(long value)
    {
        var (count, rest) = Math.DivRem((ulong)(value - _base), (ulong)unit);
        return value >= _base && rest == 0 && count <= uint.MaxValue;
    }

    private void MakeFit(int first, int end, int capacity, long value)
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
                _bytes.Set(at, Narrow(this[at], from));
            }

            _base = from;
            return;
        }

        var narrow = this;
        _bytes.Replace(sizeof(long), capacity);
        for (var at = first; at < end; at++)
        {
            _bytes.Set(at, narrow[at]);
        }
    }
}
