using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>One text field of the events, as a number per event, and where each text occurs last and how often.</summary>
/// <param name="counters">How many counts are kept of each text, each from the start of some windows to the newest event.</param>
internal sealed class TextColumn(int counters)
{
    /// <summary>What <see cref="Insert"/> returns for an event that adds no text to any window that ends at the newest event.</summary>
    public const int Hidden = int.MaxValue;

    /// <summary>Tables smaller than this are not worth making smaller.</summary>
    private const int TableMin = 16;

    private int[] _symbols = [];
    private SymbolTable _table = new();

    /// <summary>By number of the text and counter. All of a text's are 0 before its number is free again.</summary>
    private int[] _counts = [];

    /// <summary>The newest event that has the field; -1 where none has, or a position that was removed since.</summary>
    public int Latest { get; private set; } = -1;

    /// <summary>One more than the largest number of a text.</summary>
    public int SymbolsEnd => _table.NumbersEnd;

    /// <summary>The number of each event's text, <see cref="SymbolTable.None"/> where it has none.</summary>
    public ReadOnlySpan<int> Symbols => _symbols;

    public TextKey KeyOf(int symbol) => _table.KeyOf(symbol);

    /// <summary>The event's text; none where it has none.</summary>
    public TextKey TextAt(int at) => _symbols[at] == SymbolTable.None ? default : _table.KeyOf(_symbols[at]);

    public int SymbolOf(TextKey key) => _table.Find(key);

    /// <summary>Where a text occurs last, or -1.</summary>
    public int LastOf(TextKey key)
    {
        var symbol = _table.Find(key);
        return symbol == SymbolTable.None ? -1 : _table.LastOf(symbol);
    }

    /// <summary>How often a text occurs, by one of the counters.</summary>
    public int CountOf(int symbol, int counter) => _counts[(symbol * counters) + counter];

    /// <summary>Counts an event that enters the windows of a counter (1) or leaves them (-1).</summary>
    public void Count(int at, int counter, int by)
    {
        if (_symbols[at] != SymbolTable.None)
        {
            _counts[(_symbols[at] * counters) + counter] += by;
        }
    }

    /// <summary>Whether the event has the field and no newer event has the same text.</summary>
    public bool IsLastOfItsText(int at)
    {
        var symbol = _symbols[at];
        return symbol != SymbolTable.None && _table.LastOf(symbol) == at;
    }

    /// <summary>
    /// Puts a text in its place. Where it is now the last of its text, returns where that was last before (-1 for nowhere), else <see cref="Hidden"/>.
    /// </summary>
    public int Insert(int at, int end, TextKey key)
    {
        if (at < end)
        {
            Array.Copy(_symbols, at, _symbols, at + 1, end - at);
            _table.Shift(at, 1);
            Latest += Latest >= at ? 1 : 0;
        }

        if (key.IsNone)
        {
            _symbols[at] = SymbolTable.None;
            return Hidden;
        }

        var symbol = _table.FindOrAdd(key);
        _symbols[at] = symbol;
        MakeRoomToCount(_table);
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
            _table.Remove(_symbols[first]);
        }
    }

    /// <summary>Moves the events to the front of an array of that capacity.</summary>
    public void Move(int first, int end, int capacity)
    {
        _symbols = EventColumns.Moved(_symbols, first, end, capacity);
        _table.Shift(first, -first);
        Latest = Latest < first ? -1 : Latest - first;
        if (_table.NumbersEnd > TableMin && _table.Count < _table.NumbersEnd / 4)
        {
            Renumber(end - first);
        }
    }

    private void MakeRoomToCount(SymbolTable table)
    {
        if (_counts.Length < table.NumbersEnd * counters)
        {
            Array.Resize(ref _counts, (table.NumbersEnd + (table.NumbersEnd / 2)) * counters);
        }
    }

    private void Renumber(int count)
    {
        var table = new SymbolTable();
        var counts = _counts;
        _counts = [];
        for (var at = 0; at < count; at++)
        {
            if (_symbols[at] != SymbolTable.None)
            {
                var symbol = table.FindOrAdd(_table.KeyOf(_symbols[at]));
                table.LastOf(symbol) = at;
                MakeRoomToCount(table);
                counts.AsSpan(_symbols[at] * counters, counters).CopyTo(_counts.AsSpan(symbol * counters));
                _symbols[at] = symbol;
            }
        }

        _table = table;
    }
}
