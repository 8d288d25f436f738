using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

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

    /// <summary>Events for which room is made at least after that.</summary>
    private const int RoomMin = 8;

    private readonly TextColumn[] _texts;

    /// <summary>Holds all columns, one behind the other, in a part of it that begins with the ticks.</summary>
    private byte[] _block = [];

    /// <summary>Nearly all event times are whole milliseconds.</summary>
    private NumberColumn _ticks = new(TimeSpan.TicksPerMillisecond);

    /// <summary>In thousandths of a currency's unit nearly all amounts are whole.</summary>
    private NumberColumn _amounts = new(10);
    private ColumnBytes _positions = new(sizeof(long));
    private ColumnBytes _ids = new(sizeof(long));
    private readonly bool _hasAmounts;
    private readonly bool _hasPositions;

    public EventColumns(StreamLayout layout)
    {
        _hasAmounts = layout.HasAmount;
        _hasPositions = layout.HasPosition;
        HasIds = layout.HasLabels;
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

    /// <summary>Where it took place, where the plan needs positions.</summary>
    public GeoPosition PositionAt(int at) => GeoPosition.FromBits(_positions.Int64(_block, at));

    /// <summary>Whether ids are kept.</summary>
    public bool HasIds { get; }

    /// <summary>By which labels find it, where a window of the plan looks at labels.</summary>
    public ulong IdAt(int at) => (ulong)_ids.Int64(_block, at);

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
    public int MakeRoom(int more, HistoryMemory memory)
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

        return Move(capacity, memory);
    }

    /// <summary>Puts an event in its place, but for its texts, each of which <see cref="InsertText"/> puts there.</summary>
    public void Insert(int at, in EventValues values, HistoryMemory memory)
    {
        _ticks.MakeFit(_block, First, End, values.Ticks);
        if (_hasAmounts)
        {
            _amounts.MakeFit(_block, First, End, values.Amount);
        }

        if (_ticks.Bytes.IsTooNarrow || _amounts.Bytes.IsTooNarrow)
        {
            Lay(Capacity, 0, memory);
        }

        _ticks.Insert(_block, at, End, values.Ticks);
        if (_hasAmounts)
        {
            _amounts.Insert(_block, at, End, values.Amount);
        }

        if (_hasPositions)
        {
            _positions.MakeGap(_block, at, End);
            _positions.Set(_block, at, values.Position.ToBits());
        }

        if (HasIds)
        {
            _ids.MakeGap(_block, at, End);
            _ids.Set(_block, at, (long)values.Id);
        }

        End++;
    }

    /// <summary>Puts a text of the event that was put at a position last, or none, in its place; returns what <see cref="TextColumn.Insert"/> does.</summary>
    public int InsertText(int field, int at, TextKey key, HistoryMemory memory)
    {
        ref var text = ref _texts[field];
        var symbol = text.Add(key, memory);
        if (text.Bytes.IsTooNarrow)
        {
            Lay(Capacity, 0, memory);
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

    /// <summary>Reads the newest numbers and what says where the texts are; see <see cref="EventHistory.TouchNear"/>.</summary>
    public long TouchNear()
    {
        var sum = Count == 0 ? 0 : TicksAt(End - 1) + (_hasAmounts ? AmountAt(End - 1) : 0);
        foreach (ref readonly var text in _texts.AsSpan())
        {
            sum += text.Latest;
        }

        return sum;
    }

    /// <summary>Reads where texts begin; see <see cref="EventHistory.TouchFar"/>.</summary>
    public long TouchFar()
    {
        var sum = 0L;
        foreach (ref readonly var text in _texts.AsSpan())
        {
            sum += text.Touch();
        }

        return sum;
    }

    /// <summary>Gives back all memory; nothing may be asked of them any more.</summary>
    public void Release(HistoryMemory memory)
    {
        memory.GiveBack(_block, _ticks.Bytes.Start);
        _block = [];
        foreach (ref var text in _texts.AsSpan())
        {
            text.Release(memory);
        }
    }

    private int Move(int capacity, HistoryMemory memory)
    {
        var by = First;
        Lay(capacity, by, memory);
        (First, End, Capacity) = (0, End - by, capacity);
        foreach (ref var text in _texts.AsSpan())
        {
            text.Tidy(_block, First, End, memory);
        }

        return by;
    }

    /// <summary>Lays all columns in a block with room for so many events, each in the width that it wants, with positions that go down by some.</summary>
    private void Lay(int capacity, int by, HistoryMemory memory)
    {
        var before = _ticks.Bytes.Start;
        var (block, start) = (_block, before);
        var isAnother = BytesFor(capacity, out var bytes);
        if (isAnother)
        {
            block = memory.Take(bytes, out start);
        }

        _ticks.Lay(_block, First, End, by, block, capacity, ref start);
        if (_hasAmounts)
        {
            _amounts.Lay(_block, First, End, by, block, capacity, ref start);
        }

        if (_hasPositions)
        {
            _positions.TryLay(_block, First, End, by, block, capacity, ref start);
        }

        if (HasIds)
        {
            _ids.TryLay(_block, First, End, by, block, capacity, ref start);
        }

        foreach (ref var text in _texts.AsSpan())
        {
            text.Lay(_block, First, End, by, block, capacity, ref start);
        }

        if (isAnother)
        {
            memory.GiveBack(_block, before);
            _block = block;
        }
    }

    /// <summary>How long a block for so many events is; whether it must be another than there is, as a column is to stand in another place than now.</summary>
    private bool BytesFor(int capacity, out int bytes)
    {
        bytes = _ticks.Bytes.BlockBytes(capacity) + (_hasAmounts ? _amounts.Bytes.BlockBytes(capacity) : 0)
            + (_hasPositions ? _positions.BlockBytes(capacity) : 0) + (HasIds ? _ids.BlockBytes(capacity) : 0);
        var isAnother = capacity != Capacity || _ticks.Bytes.IsToChange || _amounts.Bytes.IsToChange;
        foreach (ref readonly var text in _texts.AsSpan())
        {
            bytes += text.Bytes.BlockBytes(capacity);
            isAnother |= text.Bytes.IsToChange;
        }

        return isAnother;
    }
}
