using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads what is committed, on a connection of its own, so that reading never holds up a commit.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _want;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _snapshots;
    private readonly SqliteStatement _tails;
    private readonly SqliteStatement _found;
    private readonly TransactionDecided _scratch = new() { Transaction = new Transaction(), Decision = new Decision() };

    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;

        // What is asked for goes into a table in memory, so that any number of accounts is one query.
        connection.Execute("PRAGMA temp_store = MEMORY; CREATE TEMP TABLE wanted (ordinal INTEGER PRIMARY KEY, account_id BLOB, number INTEGER)");
        _want = connection.Prepare("INSERT INTO wanted (ordinal, account_id, number) VALUES (?, ?, ?)");
        _forget = connection.Prepare("DELETE FROM wanted");

        // Of a recovery, number says whether it is from the start; of a lookup, it is the hash of the transaction id.
        _snapshots = connection.Prepare(
            """
            SELECT w.ordinal, a.number, s.state FROM wanted w CROSS JOIN accounts a ON a.id = w.account_id
            LEFT JOIN snapshots s ON s.account = a.number AND w.number = 0
            """);
        _tails = connection.Prepare(
            """
            SELECT w.ordinal, j.sequence, j.entry FROM wanted w CROSS JOIN accounts a ON a.id = w.account_id
            LEFT JOIN snapshots s ON s.account = a.number AND w.number = 0
            CROSS JOIN journal j ON j.account = a.number AND j.sequence > coalesce(s.sequence, 0) ORDER BY w.ordinal, j.sequence
            """);
        _found = connection.Prepare(
            """
            SELECT w.ordinal, j.sequence, j.entry FROM wanted w CROSS JOIN accounts a ON a.id = w.account_id
            CROSS JOIN journal j ON j.account = a.number AND j.id_hash = w.number
            """);
    }

    public void Answer(JournalReads reads)
    {
        _connection.Execute("BEGIN");
        try
        {
            if (reads.Recoveries.Count > 0)
            {
                Recover(reads.Recoveries);
            }

            if (reads.Lookups.Count > 0)
            {
                LookUp(reads.Lookups);
            }
        }
        finally
        {
            _snapshots.Reset();
            _tails.Reset();
            _found.Reset();
            _connection.Execute("COMMIT");
        }
    }

    public IReadOnlyList<StoredEntry> Entries(byte[] accountId, long before, int max)
    {
        using var query = _connection.Prepare(
            """
            SELECT j.sequence, j.entry FROM accounts a CROSS JOIN journal j ON j.account = a.number
            WHERE a.id = ? AND j.sequence < ? ORDER BY j.sequence DESC LIMIT ?
            """);
        query.Bind(1, accountId.AsSpan()).Bind(2, before).Bind(3, max);
        var entries = new List<StoredEntry>();
        while (query.Step())
        {
            entries.Add(new StoredEntry(query.Int64(0), query.Blob(1).ToArray()));
        }

        return entries;
    }

    public IReadOnlyList<StoredAlert> Alerts(byte[]? accountId, long after, int max)
    {
        using var query = _connection.Prepare(
            $"""
            SELECT l.position, a.id, j.sequence, j.entry FROM alerts l CROSS JOIN journal j ON j.position = l.position CROSS JOIN accounts a ON a.number = l.account
            WHERE l.position > ? {(accountId is null ? "" : "AND l.account = (SELECT number FROM accounts WHERE id = ?)")} ORDER BY l.position LIMIT {max}
            """);
        query.Bind(1, after);
        if (accountId is not null)
        {
            query.Bind(2, accountId.AsSpan());
        }

        var alerts = new List<StoredAlert>();
        while (query.Step())
        {
            var decided = new TransactionDecided { Transaction = new Transaction(), Decision = new Decision() };
            EntryCodec.Read(query.Blob(3), query.Blob(1), query.Int64(2), decided);
            alerts.Add(new StoredAlert(query.Int64(0), decided.Transaction, decided.Decision));
        }

        return alerts;
    }

    public long? FindAlert(AlertId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Write(bytes);
        using var query = _connection.Prepare("SELECT position FROM alerts WHERE id = ?");
        return query.Bind(1, bytes).Step() ? query.Int64(0) : null;
    }

    public long NewestAlert() => _connection.Scalar("SELECT max(position) FROM alerts");

    public JournalSize Measure() => new(
        _connection.Scalar("SELECT count(*) FROM journal"),
        _connection.Scalar("SELECT count(*) FROM accounts"),
        _connection.Scalar("SELECT count(*) FROM alerts"),
        _connection.Scalar("SELECT count(*) FROM poison"));

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_want, _forget, _snapshots, _tails, _found])
        {
            statement.Dispose();
        }
    }

    private void Recover(List<Recovery> recoveries)
    {
        _forget.Run();
        for (var i = 0; i < recoveries.Count; i++)
        {
            _want.Bind(1, i).Bind(2, recoveries[i].Account.Id).Bind(3, recoveries[i].FromStart ? 1 : 0).Run();
        }

        while (_snapshots.Step())
        {
            var recovery = recoveries[(int)_snapshots.Int64(0)];
            recovery.Account.Number = _snapshots.Int64(1);
            recovery.Snapshot = _snapshots.IsNull(2) ? [] : _snapshots.Blob(2).ToArray();
        }

        while (_tails.Step())
        {
            recoveries[(int)_tails.Int64(0)].Entries.Add(new StoredEntry(_tails.Int64(1), _tails.Blob(2).ToArray()));
        }
    }

    private void LookUp(List<Lookup> lookups)
    {
        _forget.Run();
        for (var i = 0; i < lookups.Count; i++)
        {
            _want.Bind(1, i).Bind(2, lookups[i].Account.Id).Bind(3, (long)lookups[i].IdHash).Run();
        }

        while (_found.Step())
        {
            var lookup = lookups[(int)_found.Int64(0)];
            EntryCodec.Read(_found.Blob(2), lookup.Account.Id, _found.Int64(1), _scratch);
            if (_scratch.Transaction.TransactionId.SequenceEqual(lookup.TransactionId))
            {
                lookup.Found = new StoredEntry(_found.Int64(1), _found.Blob(2).ToArray());
            }
        }
    }
}
