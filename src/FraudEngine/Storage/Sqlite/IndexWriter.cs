namespace FraudEngine.Storage.Sqlite;

/// <summary>Moves rows of an index from memory to its segments, with each commit some. Called on the writing thread only.</summary>
/// <param name="setting">Under which it is stored how far this has come.</param>
internal sealed class IndexWriter<TRow>(SqliteConnection connection, JournalIndex<TRow> index, Segments<TRow> segments, string setting) : IDisposable
    where TRow : struct, IIndexedRow<TRow>
{
    private readonly SqliteStatement _read = connection.Prepare("SELECT value FROM settings WHERE name = ?");
    private readonly SqliteStatement _store = connection.Prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
    private readonly List<TRow> _rows = [];

    /// <summary>Forgets what is in memory. The rows from the index's start of the tail on are to be added after this.</summary>
    public void Begin()
    {
        using (_read.Rows())
        {
            index.Begin(_read.Bind(1, setting).Step() ? _read.Text(0) : "1");
        }
    }

    /// <summary>Writes what the transaction that is open is to write.</summary>
    /// <param name="position">Its first position.</param>
    /// <param name="appended">Rows that it adds to the index.</param>
    public void Write(long position, int appended)
    {
        index.ChooseDue(position, appended);
        foreach (var key in index.Due)
        {
            _rows.Clear();
            index.CopyDue(key, _rows);
            segments.Add(key, _rows);
        }

        if (index.IsStateDue)
        {
            Store(index.State);
        }
    }

    public void Store(string state) => _store.Bind(1, setting).Bind(2, state).Run();

    public void Dispose()
    {
        _read.Dispose();
        _store.Dispose();
    }
}
