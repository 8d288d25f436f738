using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>One text field of the events, as a number per event, and where each text occurs last and how often.</summary>
/// <param name="counters">How many counts are kept of each text, each from the start of some windows to the newest event.</param>
internal struct TextColumn(int counters)
{
    /// <summary>What <see cref="Insert"/> returns for an event that adds no text to any window that ends at the newest event.</summary>
    public const int Hidden = int.MaxValue;

    /// <summary>Tables smaller than this are not worth making smaller.</summary>
    private const int TableMin = 16;

    /// <summary>The largest number of a text that stands in a byte, and what stands there for none.</summary>
    private const int NarrowMax = 254;
    private const byte NarrowNone = 255;

    /// <summary>The number of each event's text: in one byte, as most columns have few texts, or else in four.</summary>
    private ColumnBytes _symbols = new(sizeof(byte));
    private SymbolTable _table = new();

    /// <summary>By number of the text and counter. All of a text's are 0 before its number is free again.</summary>
    private int[] _counts = [];

    /// <summary>The newest event that has the field; -1 where none has, or a position that was removed since.</summary>
    public int Latest { get; private set; } = -1;

    /// <summary>One more than the largest number of a text.</summary>
    public readonly int SymbolsEnd => _table.NumbersEnd;

    /// <summary>The number of an event's text, <see cref="SymbolTable.None"/> where it has none.</summary>
    public readonly int SymbolAt(int at) => _symbols.IsWide ? _symbols.Int32(at) : _symbols.Byte(at) is var symbol && symbol == NarrowNone ? SymbolTable.None : symbol;

    public readonly TextKey KeyOf(int symbol) => _table.KeyOf(symbol);

    /// <summary>The event's text; none where it has none.</summary>
    public readonly TextKey TextAt(int at) => SymbolAt(at) is var symbol && symbol == SymbolTable.None ? default : _table.KeyOf(symbol);

    public readonly int SymbolOf(TextKey key) => _table.Find(key);

    /// <summary>Where a text occurs last, or -1.</summary>
    public readonly int LastOf(TextKey key)
    {
        var symbol = _table.Find(key);
        return symbol == SymbolTable.None ? -1 : _table.LastOf(symbol);
    }

    /// <summary>How often a text occurs, by one of the counters.</summary>
    public readonly int CountOf(int symbol, int counter) => _counts[(symbol * counters) + counter];

    public readonly ColumnBytes Bytes => _symbols;

    /// <summary>How often a text occurs among the events from start to end, which are gone through.</summary>
    public readonly int CountOf(int symbol, int start, int end) =>
        _symbols.IsWide ? MemoryMarshal.Cast<byte, int>(_symbols.Of(start, end)).Count(symbol)
        : symbol > NarrowMax ? 0
        : _symbols.Of(start, end).Count((byte)symbol);

    /// <summary>Counts an event that enters the windows of a counter (1) or leaves them (-1).</summary>
    public readonly void Count(int at, int counter, int by)
    {
        if (SymbolAt(at) is var symbol && symbol != SymbolTable.None)
        {
            _counts[(symbol * counters) + counter] += by;
        }
    }

    /// <summary>Whether the event has the field and no newer event has the same text.</summary>
    public readonly bool IsLastOfItsText(int at)
    {
        var symbol = SymbolAt(at);
        return symbol != SymbolTable.None && _table.LastOf(symbol) == at;
    }

    /// <summary>
    /// Puts a text in its place. Where it is now the last of its text, returns where that was last before (-1 for nowhere), else <see cref="Hidden"/>.
    /// </summary>
    /// <param name="capacity">Events for which there is room.</param>
    public int Insert(int at, int end, int capacity, TextKey key)
    {
        if (at < end)
        {
            _symbols.MakeGap(at, end);
            _table.Shift(at, 1);
            Latest += Latest >= at ? 1 : 0;
        }

        if (key.IsNone)
        {
            Put(at, SymbolTable.None);
            return Hidden;
        }

        var symbol = _table.FindOrAdd(key);
        if (symbol > NarrowMax && !_symbols.IsWide)
        {
            Widen(capacity);
        }

        Put(at, symbol);
        MakeRoomToCount();
        Latest = Math.Max(Latest, at);
        ref var last = ref _table.LastOf(symbol);
        if (last > at)
        {
            return Hidden;
        }

        var previous = last;
        last = at;
        return previous;
    }

    /// <summary>Forgets the oldest event.</summary>
    public void RemoveFirst(int first)
    {
        if (IsLastOfItsText(first))
        {
            _table.Remove(SymbolAt(first));
        }
    }

    /// <summary>Moves the events to the front of their place in a block; see <see cref="ColumnBytes.Move"/>.</summary>
    public void Move(int first, int end, int capacity, byte[] block, ref int start)
    {
        _symbols.Move(first, end, capacity, block, ref start);
        _table.Shift(first, -first);
        Latest = Latest < first ? -1 : Latest - first;
        if (_table.NumbersEnd > TableMin && _table.Count < _table.NumbersEnd / 4)
        {
            Renumber(end - first, capacity);
        }
    }

    private readonly void Put(int at, int symbol)
    {
        if (_symbols.IsWide)
        {
            _symbols.Set(at, symbol);
        }
        else
        {
            _symbols.Set(at, symbol == SymbolTable.None ? NarrowNone : (byte)symbol);
        }
    }

    private void Widen(int capacity)
    {
        var narrow = this;
        _symbols.Replace(sizeof(int), capacity);
        for (var at = 0; at < capacity; at++)
        {
            Put(at, narrow.SymbolAt(at));
        }
    }

    private void MakeRoomToCount()
    {
        if (_counts.Length < _table.NumbersEnd * counters)
        {
            Array.Resize(ref _counts, (_table.NumbersEnd + Math.Max(1, _table.NumbersEnd / 4)) * counters);
        }
    }

    /// <summary>Gives the texts that are left the smallest numbers; the events stand at the front.</summary>
    private void Renumber(int count, int capacity)
    {
        var table = _table;
        var counts = _counts;
        _table = new SymbolTable();
        _counts = [];
        for (var at = 0; at < count; at++)
        {
            if (SymbolAt(at) is var before && before != SymbolTable.None)
            {
                var symbol = _table.FindOrAdd(table.KeyOf(before));
                _table.LastOf(symbol) = at;
                MakeRoomToCount();
                counts.AsSpan(before * counters, counters).CopyTo(_counts.AsSpan(symbol * counters));
                Put(at, symbol);
            }
        }

        if (_symbols.IsWide && _table.NumbersEnd <= NarrowMax + 1)
        {
            var wide = this;
            _symbols.Replace(sizeof(byte), capacity);
            for (var at = 0; at < count; at++)
            {
                Put(at, wide.SymbolAt(at));
            }
        }
    }
}
