using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// The kept events, one column per field, in the order of event time and, where that is equal, of arrival.
/// They stand at the positions <see cref="First"/> to <see cref="End"/>; positions change only in <see cref="MakeRoom"/> and when a late one is put in.
/// </summary>
internal sealed class EventColumns
{
    /// <summary>Arrays smaller than this are not worth making smaller.</summary>
    private const int ShrinkMin = 64;

    /// <summary>Events for which there is room at first: most of a million accounts have few.</summary>
    private const int FirstRoom = 4;

    /// <summary>Events for which room is made at least after that: the garbage collector finds each new block again by its owner, for about two microseconds.</summary>
    private const int RoomMin = 8;

    private readonly TextColumn[] _texts;

    /// <summary>Holds all columns of numbers and texts, one behind the other.</summary>
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

    public long TicksAt(int at) => _ticks.At(_block, at);

    /// <summary>In minor units, where the plan needs amounts.</summary>
    public long AmountAt(int at) => _amounts.At(_block, at);

    /// <summary>Where they took place; empty where the plan needs no position.</summary>
    public ReadOnlySpan<GeoPosition> Positions => _positions;

    /// <summary>By which labels find them; empty where no window of the plan looks at labels.</summary>
    public ReadOnlySpan<ulong> Ids => _ids;

    /// <summary>The texts of a field of the layout, for what does not concern single events.</summary>
    public ref readonly TextColumn Texts(int field) => ref _texts[field];

    /// <summary>The number of an event's text, <see cref="SymbolTable.None"/> where it has none.</summary>
    public int SymbolAt(int field, int at) => _texts[field].SymbolAt(_block, at);

    /// <summary>The event's text; none where it has none.</summary>
    public TextKey TextAt(int field, int at) => SymbolAt(field, at) is var symbol && symbol == SymbolTable.None ? default : _texts[field].KeyOf(symbol);

    /// <summary>Whether the event has the field and no newer event has the same text.</summary>
    public bool IsLastOfItsText(int field, int at) => _texts[field].IsLastOfItsText(_block, at);

    /// <summary>How often a text occurs among the events from start to end, which are gone through.</summary>
    public int CountOf(int field, int symbol, int start, int end) => _texts[field].CountOf(symbol, _block, start, end);

    /// <summary>Counts an event that enters the windows of a counter (1) or leaves them (-1).</summary>
    public void CountText(int field, int at, int counter, int by) => _texts[field].Count(_block, at, counter, by);

    /// <summary>The position behind all events of that or an earlier time.</summary>
    public int PlaceOf(long ticks)
    {
        var low = First;
        var high = End;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (TicksAt(middle) <= ticks)
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
            capacity = Count == 0 ? FirstRoom : (Count + Math.Max(RoomMin, Count / 4) + 3) & ~3;
        }

        return Move(capacity);
    }

    /// <summary>Puts an event in its place, but for its texts, each of which <see cref="InsertText"/> puts there.</summary>
    public void Insert(int at, in EventValues values)
    {
        _ticks.MakeFit(_block, First, End, values.Ticks);
        if (_hasAmounts)
        {
            _amounts.MakeFit(_block, First, End, values.Amount);
        }

        if (_ticks.Bytes.IsTooNarrow || _amounts.Bytes.IsTooNarrow)
        {
            Lay(Capacity, 0);
        }

        _ticks.Insert(_block, at, End, values.Ticks);
        if (_hasAmounts)
        {
            _amounts.Insert(_block, at, End, values.Amount);
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

    /// <summary>Puts a text of the event that was put at a position last, or none, in its place; returns what <see cref="TextColumn.Insert"/> does.</summary>
    public int InsertText(int field, int at, TextKey key)
    {
        ref var text = ref _texts[field];
        var symbol = text.Add(key);
        if (text.Bytes.IsTooNarrow)
        {
            Lay(Capacity, 0);
        }

        return text.Insert(_block, at, End - 1, symbol);
    }

    public void RemoveFirst()
    {
        foreach (ref var text in _texts.AsSpan())
        {
            text.RemoveFirst(_block, First);
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
        var by = First;
        Lay(capacity, by);
        if (_positions is not null)
        {
            _positions = Moved(_positions, First, End, capacity);
        }

        if (_ids is not null)
        {
            _ids = Moved(_ids, First, End, capacity);
        }

        (First, End, Capacity) = (0, End - by, capacity);
        foreach (ref var text in _texts.AsSpan())
        {
            text.Tidy(_block, First, End);
        }

        return by;
    }

    /// <summary>Lays all columns in a block with room for so many events, each in the width that it wants, with positions that go down by some.</summary>
    private void Lay(int capacity, int by)
    {
        var block = BlockFor(capacity);
        var start = 0;
        _ticks.Lay(_block, First, End, by, block, capacity, ref start);
        if (_hasAmounts)
        {
            _amounts.Lay(_block, First, End, by, block, capacity, ref start);
        }

        foreach (ref var text in _texts.AsSpan())
        {
            text.Lay(_block, First, End, by, block, capacity, ref start);
        }

        _block = block;
    }

    /// <summary>The block that there is, if each column is to stand in it where it stands now; else another one.</summary>
    private byte[] BlockFor(int capacity)
    {
        var length = _ticks.Bytes.BlockBytes(capacity) + (_hasAmounts ? _amounts.Bytes.BlockBytes(capacity) : 0);
        var isSame = capacity == Capacity && !_ticks.Bytes.IsToChange && !_amounts.Bytes.IsToChange;
        foreach (ref readonly var text in _texts.AsSpan())
        {
            length += text.Bytes.BlockBytes(capacity);
            isSame &= !text.Bytes.IsToChange;
        }

        return isSame ? _block : new byte[length];
    }

    private void Put<T>(T[] column, int at, T value)
    {
        Array.Copy(column, at, column, at + 1, End - at);
        column[at] = value;
    }
}
