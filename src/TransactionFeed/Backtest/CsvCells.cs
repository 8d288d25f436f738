namespace TransactionFeed.Backtest;

/// <summary>The cells of one CSV record (RFC 4180), without their quotes. Reused; valid until the next record.</summary>
internal sealed class CsvCells
{
    private (int Start, int Length)[] _cells = new (int, int)[32];
    private byte[] _unquoted = new byte[256];

    /// <summary>The record that a cell is a part of; -1 - start where it is one of <see cref="_unquoted"/>.</summary>
    private ReadOnlyMemory<byte> _copy;
    private byte[] _record = new byte[256];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int cell] => _cells[cell].Start >= 0
        ? _copy.Span.Slice(_cells[cell].Start, _cells[cell].Length)
        : _unquoted.AsSpan(~_cells[cell].Start, _cells[cell].Length);

    /// <summary>Splits any record.</summary>
    public void Split(ReadOnlySpan<byte> record)
    {
        if (_record.Length < record.Length)
        {
            _record = new byte[record.Length * 2];
        }

        record.CopyTo(_record);
        Split(_record.AsMemory(0, record.Length));
    }

    /// <summary>Splits a record that stays as it is while its cells are used.</summary>
    public void Split(ReadOnlyMemory<byte> record)
    {
        _copy = record;
        Count = 0;
        var text = record.Span;
        var used = 0;
        var at = 0;
        while (true)
        {
            if (at < text.Length && text[at] == (byte)'"')
            {
                Add(~used, Unquote(text, ref at, ref used));
            }
            else
            {
                var length = text[at..].IndexOf((byte)',');
                length = length < 0 ? text.Length - at : length;
                Add(at, length);
                at += length;
            }

            if (at >= text.Length)
            {
                return;
            }

            at++;
        }
    }

    /// <summary>Moves behind a quoted cell and returns its length. What stands between its closing quote and the next comma counts, as most programs take it.</summary>
    private int Unquote(ReadOnlySpan<byte> text, ref int at, ref int used)
    {
        if (_unquoted.Length < text.Length)
        {
            Array.Resize(ref _unquoted, text.Length * 2);
        }

        var start = used;
        var isQuoted = true;
        for (at++; at < text.Length; at++)
        {
            var isQuote = text[at] == (byte)'"';
            if (isQuoted && isQuote && at + 1 < text.Length && text[at + 1] == (byte)'"')
            {
                at++;
            }
            else if (isQuoted && isQuote)
            {
                isQuoted = false;
                continue;
            }
            else if (!isQuoted && text[at] == (byte)',')
            {
                break;
            }

            _unquoted[used++] = text[at];
        }

        return used - start;
    }

    private void Add(int start, int length)
    {
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = (start, length);
    }
}
