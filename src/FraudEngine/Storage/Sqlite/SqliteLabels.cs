namespace FraudEngine.Storage.Sqlite;

/// <summary>The newest label of each transaction that has one, beside the entries in which it stands. Called on the thread of its connection only.</summary>
internal sealed class SqliteLabels : IDisposable
{
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _range;

    public SqliteLabels(SqliteConnection connection)
    {
        _put = connection.Prepare(
            """
            INSERT INTO labels (account, sequence, is_fraud, events) VALUES (?, ?, ?, 1)
            ON CONFLICT (account, sequence) DO UPDATE SET is_fraud = excluded.is_fraud, events = events + 1
            """);
        _find = connection.Prepare("SELECT is_fraud FROM labels WHERE account = ? AND sequence = ?");
        _range = connection.Prepare("SELECT sequence, is_fraud FROM labels WHERE account = ? AND sequence >= ? AND sequence < ? ORDER BY sequence");
    }

    /// <summary>Stores the label of a transaction in place of an earlier one.</summary>
    public void Put(long account, long sequence, bool isFraud) => _put.Bind(1, account).Bind(2, sequence).Bind(3, isFraud ? 1 : 0).Run();

    /// <summary>Null where the transaction has none.</summary>
    public bool? Find(long account, long sequence)
    {
        using (_find.Rows())
        {
            return _find.Bind(1, account).Bind(2, sequence).Step() ? _find.Int64(0) != 0 : null;
        }
    }

    public IReadOnlyList<StoredLabel> Read(long account, long from, long before)
    {
        List<StoredLabel> labels = [];
        using (_range.Rows())
        {
            _range.Bind(1, account).Bind(2, from).Bind(3, before);
            while (_range.Step())
            {
                labels.Add(new StoredLabel(_range.Int64(0), _range.Int64(1) != 0));
            }
        }

        return labels;
    }

    public void Dispose()
    {
        _put.Dispose();
        _find.Dispose();
        _range.Dispose();
    }
}
