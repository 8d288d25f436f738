using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads what is committed, on a connection of its own, so that reading never holds up a commit.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JournalIndex _index;
    private readonly SqliteStatement _account;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _segments;
    private readonly SqliteStatement _entry;
    private readonly List<IndexedRow> _rows = [];
    private readonly List<IndexedRow> _waiting = [];
    private readonly TransactionDecided _scratch = new() { Transaction = new Transaction(), Decision = new Decision() };

    public SqliteReader(SqliteConnection connection, JournalIndex index)
    {
        _connection = connection;
        _index = index;
        _account = connection.Prepare("SELECT number FROM accounts WHERE id = ?");
        _snapshot = connection.Prepare("SELECT sequence, state FROM snapshots WHERE account = ?");
        _segments = connection.Prepare("SELECT first, last, rows FROM segments WHERE account = ? AND last > ? ORDER BY first");
        _entry = connection.Prepare("SELECT entry FROM journal WHERE position = ?");
    }

    /// <summary>
    /// Answers all of it. In this process a statement is a function call, so each account has its own. There is no transaction around them: what leaves
    /// memory for the disk after a transaction began would be in neither.
    /// </summary>
    public void Answer(JournalReads reads)
    {
        foreach (var recovery in reads.Recoveries)
        {
            Recover(recovery);
        }

        foreach (var lookup in reads.Lookups)
        {
            LookUp(lookup);
        }
    }

    public IReadOnlyList<StoredEntry> Entries(byte[] accountId, long before, int max)
    {
        var entries = new List<StoredEntry>();
        if (NumberOf(accountId) is var account and > 0)
        {
            FindRows(account, after: 0);
            for (var i = _rows.Count - 1; i >= 0 && entries.Count < max; i--)
            {
                if (_rows[i].Sequence < before)
                {
                    entries.Add(new StoredEntry(_rows[i].Sequence, Entry(_rows[i].Position)));
                }
            }
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
        foreach (var statement in (SqliteStatement[])[_account, _snapshot, _segments, _entry])
        {
            statement.Dispose();
        }
    }

    private void Recover(Recovery recovery)
    {
        var account = NumberOf(recovery.Account.Id);
        if (account == 0)
        {
            return;
        }

        var after = 0L;
        if (!recovery.FromStart)
        {
            if (_snapshot.Bind(1, account).Step())
            {
                after = _snapshot.Int64(0);
                recovery.Snapshot = _snapshot.Blob(1).ToArray();
            }

            _snapshot.Reset();
        }

        FindRows(account, after);
        foreach (var row in _rows)
        {
            recovery.Entries.Add(new StoredEntry(row.Sequence, Entry(row.Position)));
        }

        recovery.Account.Number = account;
        recovery.Account.LastSequence = _rows.Count > 0 ? _rows[^1].Sequence : after;
    }

    private void LookUp(Lookup lookup)
    {
        var account = NumberOf(lookup.Account.Id);
        if (account == 0)
        {
            return;
        }

        FindRows(account, after: 0);
        foreach (var row in _rows)
        {
            if (row.IdHash != lookup.IdHash)
            {
                continue;
            }

            var entry = Entry(row.Position);
            EntryCodec.Read(entry, lookup.Account.Id, row.Sequence, _scratch);
            if (_scratch.Transaction.TransactionId.SequenceEqual(lookup.TransactionId))
            {
                lookup.Found = new StoredEntry(row.Sequence, entry);
            }
        }
    }

    /// <summary>0 where the account has no transaction.</summary>
    private long NumberOf(byte[] accountId)
    {
        var number = _account.Bind(1, accountId.AsSpan()).Step() ? _account.Int64(0) : 0;
        _account.Reset();
        return number;
    }

    /// <summary>Finds an account's rows after a sequence number, in order.</summary>
    private void FindRows(long account, long after)
    {
        // First what waits in memory, then the disk: a row that moves from here to there meanwhile is found twice, never missed.
        _rows.Clear();
        _waiting.Clear();
        _index.Copy(account, after, _waiting);
        _segments.Bind(1, account).Bind(2, after);
        while (_segments.Step())
        {
            IndexedRow.Decode(_segments.Blob(2), _segments.Int64(0), _segments.Int64(1), _rows);
        }

        _segments.Reset();
        _rows.RemoveAll(row => row.Sequence <= after);
        var last = _rows.Count > 0 ? _rows[^1].Sequence : after;
        foreach (var row in _waiting)
        {
            if (row.Sequence > last)
            {
                _rows.Add(row);
            }
        }
    }

    private byte[] Entry(long position)
    {
        try
        {
            return _entry.Bind(1, position).Step() ? _entry.Blob(0).ToArray() : throw new InvalidDataException($"The journal has no row {position}, but its index has.");
        }
        finally
        {
            _entry.Reset();
        }
    }
}
