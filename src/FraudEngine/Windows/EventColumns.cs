namespace FraudEngine.Windows;

/// <summary>
/// The kept events, one column per field, in the order of event time and, where that is equal, of arrival.
/// They stand at the positions <see cref="First"/> to <see cref="End"/>; positions change only in <see cref="MakeRoom"/> and when a late one is put in.
/// </summary>
internal sealed class EventColumns
{
    /// <summary>Arrays smaller than this are not worth making smaller.</summary>
    private const int ShrinkMin = 64;

    private readonly TextColumn[] _texts;

    /// <summary>Holds all columns of numbers and texts that are narrow, one behind the other.</summary>
    private byte[] _block = [];

    /// <summary>Nearly all event times are whole milliseconds.</summary>
    private NumberColumn _ticks = new(TimeSpan.TicksPerMillisecond);

    /// <summary>In thousandths of a currency's unit nearly all amounts are whole.</summary>
    private NumberColumn _amounts = new(10);
    private readonly bool _hasAmounts;
    private GeoPosition[]? _positions;
    private ulong[]? _ids;

    public EventColumns(StreamLayout layout)
    {
        _hasAmounts = layout.HasAmount;
        _positions = layout.HasPosition ? [] : null;
        _ids = layout.HasLabels ? [] : null;
        _texts = layout.TextFields.Length == 0 ? [] : new TextColumn[layout.TextFields.Length];
        for (var field = 0; field < _texts.Length; field++)
        {
            _texts[field] = new TextColumn(layout.FrequencyCounts[field]);
        }
    }

    public int First { get; private set; }

    public int End { get; private set; }

    public int Count => End - First;

    /// <summary>Events for which there is room.</summary>
    public int Capacity { get; private set; }

    public ref readonly NumberColumn Ticks => ref _ticks;

    /// <summary>Minor units; empty where the plan needs no amount.</summary>
    public ref readonly NumberColumn Amounts => ref _amounts;

    /// <summary>Where they took place; empty where the plan needs no position.</summary>
    public ReadOnlySpan<GeoPosition> Positions => _positions;

    /// <summary>By which labels find them; empty where no window of the plan looks at labels.</summary>
    public ReadOnlySpan<ulong> Ids => _ids;

    /// <summary>One per text field of the layout.</summary>
    public Span<TextColumn> Texts => _texts;

    /// <summary>The position behind all events of that or an earlier time.</summary>
    public int PlaceOf(long ticks)
    {
        var low = First;
        var high = End;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ticks[middle] <= ticks)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Makes room for so many events more, 0 or 1, or gives back what is far too much, and returns by how much every position has gone down.</summary>
    public int MakeRoom(int more)
    {
        var capacity = Capacity;
        if (capacity > ShrinkMin && Count < capacity / 4)
        {
            capacity = (Count * 2) + (ShrinkMin / 4);
        }
        else if (End + more <= capacity)
        {
            return 0;
        }
        else if (Count >= capacity - (capacity / 8))
        {
            capacity = (Count + (Count / 4) + 4) & ~3;
        }

        return Move(capacity);
    }

    public void Insert(int at, in EventValues values)
    {
        _ticks.Insert(at, First, End, Capacity, values.Ticks);
        if (_hasAmounts)
        {
            _amounts.Insert(at, First, End, Capacity, values.Amount);
        }

        if (_positions is not null)
        {
            Put(_positions, at, values.Position);
        }

        if (_ids is not null)
        {
            Put(_ids, at, values.Id);
        }

        End++;
    }

    public void RemoveFirst()
    {
        foreach (ref var text in _texts.AsSpan())
        {
            text.RemoveFirst(First);
        }

        First++;
    }

    /// <summary>The events of <paramref name="column"/> at the front of an array of that capacity: the same one where it fits.</summary>
    public static T[] Moved<T>(T[] column, int first, int end, int capacity)
    {
        var moved = capacity == column.Length ? column : new T[capacity];
        Array.Copy(column, first, moved, 0, end - first);
        return moved;
    }

    private int Move(int capacity)
    {
        var block = BlockFor(capacity);
        var start = 0;
        _ticks.Move(First, End, capacity, block, ref start);
        if (_hasAmounts)
        {
            _amounts.Move(First, End, capacity, block, ref start);
        }

        if (_positions is not null)
        {
            _positions = Moved(_positions, First, End, capacity);
        }

        if (_ids is not null)
        {
            _ids = Moved(_ids, First, End, capacity);
        }

        foreach (ref var text in _texts.AsSpan())
        {
            text.Move(First, End, capacity, block, ref start);
        }

        (_block, Capacity) = (block, capacity);
        var by = First;
        First = 0;
        End -= by;
        return by;
    }

    /// <summary>The block that there is, if each column would stand in it where it stands now; else another one.</summary>
    private byte[] BlockFor(int capacity)
    {
        var length = _ticks.Bytes.BlockBytes(capacity) + (_hasAmounts ? _amounts.Bytes.BlockBytes(capacity) : 0);
        var isSame = capacity == Capacity && _ticks.Bytes.IsLaidIn(_block) && (!_hasAmounts || _amounts.Bytes.IsLaidIn(_block));
        foreach (ref readonly var text in _texts.AsSpan())
        {
            length += text.Bytes.BlockBytes(capacity);
            isSame &= text.Bytes.IsLaidIn(_block);
        }

        return isSame && length == _block.Length ? _block : new byte[length];
    }

    private void Put<T>(T[] column, int at, T value)
    {
        Array.Copy(column, at, column, at + 1, End - at);
        column[at] = value;
    }
}
