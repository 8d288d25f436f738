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

    private readonly bool IsWide => _bytes.Width == sizeof(long);

    public readonly long At(byte[] block, int at) => IsWide ? _bytes.Int64(block, at) : _base + (_bytes.UInt32(block, at) * unit);

    /// <summary>Makes the numbers from first to end stand so that another one can stand among them. Where they are too narrow for it they have to be laid first.</summary>
    public void MakeFit(byte[] block, int first, int end, long value)
    {
        if (IsWide || Fits(value))
        {
            return;
        }

        var (smallest, largest) = (value, value);
        for (var at = first; at < end; at++)
        {
            smallest = Math.Min(smallest, At(block, at));
            largest = Math.Max(largest, At(block, at));
        }

        var room = RoomBelow * unit;
        var from = smallest < long.MinValue + room ? smallest : smallest - room;
        var isMultiple = first == end || (ulong)(Math.Max(value, At(block, first)) - Math.Min(value, At(block, first))) % (ulong)unit == 0;
        if (!isMultiple || (ulong)(largest - from) / (ulong)unit > uint.MaxValue)
        {
            _bytes.Want(sizeof(long));
            return;
        }

        for (var at = first; at < end; at++)
        {
            _bytes.Set(block, at, Narrow(At(block, at), from));
        }

        _base = from;
    }

    /// <summary>Puts a number in its place, which must fit, and for which there must be room.</summary>
    public readonly void Insert(byte[] block, int at, int end, long value)
    {
        _bytes.MakeGap(block, at, end);
        if (IsWide)
        {
            _bytes.Set(block, at, value);
        }
        else
        {
            _bytes.Set(block, at, Narrow(value, _base));
        }
    }

    /// <summary>Lays the numbers from first to end in a target; see <see cref="ColumnBytes.TryLay"/>.</summary>
    public void Lay(byte[] block, int first, int end, int by, byte[] target, int capacity, ref int start)
    {
        var before = this;
        if (_bytes.TryLay(block, first, end, by, target, capacity, ref start))
        {
            return;
        }

        for (var at = first; at < end; at++)
        {
            _bytes.Set(target, at - by, before.At(block, at));
        }
    }

    private readonly uint Narrow(long value, long from) => (uint)((ulong)(value - from) / (ulong)unit);

    private readonly bool Fits(long value)
    {
        var (count, rest) = Math.DivRem((ulong)(value - _base), (ulong)unit);
        return value >= _base && rest == 0 && count <= uint.MaxValue;
    }
}
