using System.Runtime.InteropServices;
using FraudEngine.Domain;
using FraudEngine.Windows.Memory;

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
    private SymbolTable _table = new(counters);

    /// <summary>The newest event that has the field; -1 where none has, or a position that was removed since.</summary>
    public int Latest { get; private set; } = -1;

    /// <summary>One more than the largest number of a text.</summary>
    public readonly int SymbolsEnd => _table.NumbersEnd;

    public readonly ColumnBytes Bytes => _symbols;

    private readonly bool IsWide => _symbols.Width == sizeof(int);

    /// <summary>The number of an event's text, <see cref="SymbolTable.None"/> where it has none.</summary>
    public readonly int SymbolAt(byte[] block, int at) =>
        IsWide ? _symbols.Int32(block, at) : _symbols.Byte(block, at) is var symbol && symbol == NarrowNone ? SymbolTable.None : symbol;

    public readonly TextKey KeyOf(int symbol) => _table.KeyOf(symbol);

    public readonly int SymbolOf(TextKey key) => _table.Find(key);

    /// <summary>Where a text occurs last, or -1.</summary>
    public readonly int LastOf(TextKey key)
    {
        var symbol = _table.Find(key);
        return symbol == SymbolTable.None ? -1 : _table.LastOf(symbol);
    }

    /// <summary>Reads the beginning of the texts; see <see cref="EventHistory.TouchFar"/>.</summary>
    public readonly int Touch() => _table.NumbersEnd == 0 ? 0 : _table.LastOf(0);

    /// <summary>How often a text occurs, by one of the counters.</summary>
    public readonly int CountOf(int symbol, int counter) => _table.CountOf(symbol, counter);

    /// <summary>How often a text occurs among the events from start to end, which are gone through.</summary>
    public readonly int CountOf(int symbol, byte[] block, int start, int end) =>
        IsWide ? MemoryMarshal.Cast<byte, int>(_symbols.Of(block, start, end)).Count(symbol)
        : symbol > NarrowMax ? 0
        : _symbols.Of(block, start, end).Count((byte)symbol);

    /// <summary>Counts an event that enters the windows of a counter (1) or leaves them (-1).</summary>
    public readonly void Count(byte[] block, int at, int counter, int by)
    {
        if (SymbolAt(block, at) is var symbol && symbol != SymbolTable.None)
        {
            _table.CountOf(symbol, counter) += by;
        }
    }

    /// <summary>Whether the event has the field and no newer event has the same text.</summary>
    public readonly bool IsLastOfItsText(byte[] block, int at)
    {
        var symbol = SymbolAt(block, at);
        return symbol != SymbolTable.None && _table.LastOf(symbol) == at;
    }

    /// <summary>The number that stands for a text from now on. Where numbers are too narrow for it they have to be laid first.</summary>
    public int Add(TextKey key, HistoryMemory memory)
    {
        if (key.IsNone)
        {
            return SymbolTable.None;
        }

        var symbol = _table.FindOrAdd(key, memory);
        if (symbol > NarrowMax)
        {
            _symbols.Want(sizeof(int));
        }

        return symbol;
    }

    /// <summary>
    /// Puts a text that was added in its place. Where it is now the last of its text, returns where that was last before (-1 for nowhere), else <see cref="Hidden"/>.
    /// </summary>
    public int Insert(byte[] block, int at, int end, int symbol)
    {
        if (at < end)
        {
            _symbols.MakeGap(block, at, end);
            _table.Shift(at, 1);
            Latest += Latest >= at ? 1 : 0;
        }

        Put(block, at, symbol);
        if (symbol == SymbolTable.None)
        {
            return Hidden;
        }

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
    public void RemoveFirst(byte[] block, int first)
    {
        if (IsLastOfItsText(block, first))
        {
            _table.Remove(SymbolAt(block, first));
        }
    }

    /// <summary>Lays the numbers of the events from first to end in a target; see <see cref="ColumnBytes.TryLay"/>.</summary>
    public void Lay(byte[] block, int first, int end, int by, byte[] target, int capacity, ref int start)
    {
        var before = this;
        if (!_symbols.TryLay(block, first, end, by, target, capacity, ref start))
        {
            for (var at = first; at < end; at++)
            {
                Put(target, at - by, before.SymbolAt(block, at));
            }
        }

        if (by > 0)
        {
            _table.Shift(first, -by);
            Latest = Latest < first ? -1 : Latest - by;
        }
    }

    /// <summary>Gives the texts of the events from first to end the smallest numbers, where many numbers are free.</summary>
    public void Tidy(byte[] block, int first, int end, HistoryMemory memory)
    {
        if (_table.NumbersEnd <= TableMin || _table.Count >= _table.NumbersEnd / 4)
        {
            return;
        }

        var table = _table;
        _table = new SymbolTable(counters);
        for (var at = first; at < end; at++)
        {
            if (SymbolAt(block, at) is var before && before != SymbolTable.None)
            {
                var symbol = _table.FindOrAdd(table.KeyOf(before), memory);
                _table.LastOf(symbol) = at;
                for (var counter = 0; counter < counters; counter++)
                {
                    _table.CountOf(symbol, counter) = table.CountOf(before, counter);
                }

                Put(block, at, symbol);
            }
        }

        table.Release(memory);
        if (_table.NumbersEnd <= NarrowMax + 1)
        {
            _symbols.Want(sizeof(byte));
        }
    }

    /// <summary>Gives back all memory; nothing may be asked of it any more.</summary>
    public void Release(HistoryMemory memory) => _table.Release(memory);

    private readonly void Put(byte[] block, int at, int symbol)
    {
        if (IsWide)
        {
            _symbols.Set(block, at, symbol);
        }
        else
        {
            _symbols.Set(block, at, symbol == SymbolTable.None ? NarrowNone : (byte)symbol);
        }
    }
}
