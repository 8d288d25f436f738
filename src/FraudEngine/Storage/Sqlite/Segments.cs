using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Writes the index on disk: of each account, or entity, runs of rows in their order, without overlap, and an open one behind them, which is not full yet. Those that are full
/// are never changed again. Called on the writing thread only.
/// </summary>
internal sealed class Segments<TRow> : IDisposable
    where TRow : struct, IIndexedRow<TRow>
{
    private readonly int _full;
    private readonly int _rowsMax;
    private readonly SqliteStatement _open;
    private readonly SqliteStatement _last;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement[] _forget;
    private readonly List<TRow> _rows = [];
    private byte[] _bytes = [];

    /// <param name="table">That of segments; that of open ones has <c>open_</c> before its name.</param>
    /// <param name="key">The column with the account's or the entity's number.</param>
    /// <param name="full">Rows with which a segment is full.</param>
    /// <param name="rowsMax">The most rows in one, where more come at a time.</param>
    public Segments(SqliteConnection connection, string table, string key, int full, int rowsMax)
    {
        _full = full;
        _rowsMax = rowsMax;
        _open = connection.Prepare($"SELECT first, last, rows FROM open_{table} WHERE {key} = ?");
        _last = connection.Prepare($"SELECT last FROM {table} WHERE {key} = ? ORDER BY first DESC LIMIT 1");
        _insert = connection.Prepare($"INSERT INTO {table} ({key}, first, last, rows) VALUES (?, ?, ?, ?)");
        _replace = connection.Prepare($"INSERT OR REPLACE INTO open_{table} ({key}, first, last, rows) VALUES (?, ?, ?, ?)");
        _forget = [connection.Prepare($"DELETE FROM {table} WHERE {key} = ?"), connection.Prepare($"DELETE FROM open_{table} WHERE {key} = ?")];
    }

    /// <summary>Adds those of the rows that are not on disk yet. They are in their order, and none between them and those on disk is missing.</summary>
    public void Add(long key, List<TRow> rows)
    {
        _rows.Clear();
        var last = ReadOpen(key);
        var onDisk = _rows.Count;
        foreach (var row in rows)
        {
            if (row.Order > last)
            {
                _rows.Add(row);
            }
        }

        if (_rows.Count == onDisk)
        {
            return;
        }

        var left = CollectionsMarshal.AsSpan(_rows);
        last = left[^1].Order;
        while (left.Length >= _full)
        {
            var run = left[..Math.Min(_rowsMax, left.Length)];
            Write(_insert, key, run[0].Order, run[^1].Order, run);
            left = left[run.Length..];
        }

        // Also where no row is left: it says what the last one on disk is.
        Write(_replace, key, left.IsEmpty ? last + 1 : left[0].Order, last, left);
    }

    /// <summary>Removes all that there is of one.</summary>
    public void Forget(long key)
    {
        foreach (var statement in _forget)
        {
            statement.Bind(1, key).Run();
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_open, _last, _insert, _replace, .. _forget])
        {
            statement.Dispose();
        }
    }

    /// <summary>Reads the rows of the open segment, and returns the place of the last row on disk; 0 where there is none.</summary>
    private long ReadOpen(long key)
    {
        using (_open.Rows())
        {
            if (_open.Bind(1, key).Step())
            {
                var (first, last) = (_open.Int64(0), _open.Int64(1));
                try
                {
                    TRow.Decode(_open.Blob(2), first, last, _rows);
                }
                catch (InvalidDataException)
                {
                    // It becomes one that is full, so that whoever reads it is told, and what comes now is kept.
                    _rows.Clear();
                    _insert.Bind(1, key).Bind(2, first).Bind(3, last).Bind(4, _open.Blob(2)).Run();
                }

                return last;
            }
        }

        // Of a journal of before, or a new one.
        using (_last.Rows())
        {
            return _last.Bind(1, key).Step() ? _last.Int64(0) : 0;
        }
    }

    private void Write(SqliteStatement statement, long key, long first, long last, ReadOnlySpan<TRow> rows)
    {
        if (_bytes.Length < TRow.BytesMax(rows.Length))
        {
            _bytes = new byte[TRow.BytesMax(Math.Max(_rowsMax, rows.Length))];
        }

        var length = TRow.Encode(rows, _bytes);
        statement.Bind(1, key).Bind(2, first).Bind(3, last).Bind(4, _bytes.AsSpan(0, length)).Run();
    }
}
