using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>Counts distinct texts by going through the events, for windows that do not end at the newest one. Keeps its marks for the next time.</summary>
internal sealed class DistinctScan
{
    private long[] _marks = [];
    private long _mark;

    /// <summary>The distinct texts among the events from start to end and <paramref name="current"/>, which may be none.</summary>
    public int Count(EventColumns columns, int field, int start, int end, TextKey current)
    {
        ref readonly var column = ref columns.Texts(field);
        if (_marks.Length < column.SymbolsEnd)
        {
            _marks = new long[column.SymbolsEnd * 2];
        }

        _mark++;
        var count = 0;
        var currentSymbol = current.IsNone ? SymbolTable.None : column.SymbolOf(current);
        if (currentSymbol != SymbolTable.None)
        {
            _marks[currentSymbol] = _mark;
        }

        count += current.IsNone ? 0 : 1;
        for (var at = start; at < end; at++)
        {
            var symbol = columns.SymbolAt(field, at);
            if (symbol != SymbolTable.None && _marks[symbol] != _mark)
            {
                _marks[symbol] = _mark;
                count++;
            }
        }

        return count;
    }
}
