using FraudEngine.Entities;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Reads what is committed, on a connection of its own, so that reading never holds up a commit.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly JournalIndex<IndexedRow> _index;
    private readonly EntityReader _entities;
    private readonly SqliteLabels _labels;
    private readonly SqliteDocuments _documents;
    private readonly SqliteStatement _account;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _open;
    private readonly SqliteStatement _segments;
    private readonly SqliteStatement _entry;
    private readonly TransactionDecided _scratch = new();
    private readonly List<IndexedRow> _waiting = [];
    private readonly List<IndexedRow> _rows = [];

    public SqliteReader(SqliteConnection connection, JournalIndex<IndexedRow> index, EntityIndex entities)
    {
        _index = index;
        _entities = new EntityReader(connection, entities);
        _labels = new SqliteLabels(connection);
        _documents = new SqliteDocuments(connection);
        _account = connection.Prepare("SELECT number FROM accounts WHERE id = ?");
        _snapshot = connection.Prepare("SELECT sequence, state FROM snapshots WHERE account = ?");
        _open = connection.Prepare("SELECT first, last, rows FROM open_segments WHERE account = ?");
        _segments = connection.Prepare("SELECT first, last, rows FROM segments WHERE account = ? AND first < ? ORDER BY first DESC");
        _entry = connection.Prepare("SELECT entry FROM journal WHERE position = ?");
    }

    /// <summary>
    /// Answers all of it. In this process a statement is a function call, so each account and entity has its own. There is no transaction around them: what leaves
    /// memory for the disk after a transaction began would be in neither.
    /// </summary>
    public void Answer(JournalReads reads)
    {
        foreach (var recovery in reads.Recoveries)
        {
            recovery.Failure = Try(Recover, recovery);
        }

        foreach (var lookup in reads.Lookups)
        {
            lookup.Failure = Try(LookUp, lookup);
        }

        foreach (var recovery in reads.Entities)
        {
            recovery.Failure = Try(_entities.Recover, recovery);
        }
    }

    public IReadOnlyList<StoredEntry> Entries(byte[] accountId, long before, int max)
    {
        var entries = new List<StoredEntry>();
        if (NumberOf(accountId) is var account and > 0)
        {
            foreach (var row in NewestFirst(account, after: 0, before))
            {
                entries.Add(new StoredEntry(row.Sequence, Entry(row.Position)));
                if (entries.Count == max)
                {
                    break;
                }
            }
        }

        return entries;
    }

    public StoredEntry? Find(byte[] accountId, ulong idHash, byte[] transactionId)
    {
        var account = NumberOf(accountId);
        if (account == 0)
        {
            return null;
        }

        foreach (var row in NewestFirst(account, after: 0, long.MaxValue))
        {
            if (row.IdHash != idHash)
            {
                continue;
            }

            // A label has the hash of the transaction's id too, and that of a change is 0, as a transaction's may be.
            var entry = Entry(row.Position);
            if (LabelCodec.IsLabel(entry) || ChangeCodec.IsChange(entry))
            {
                continue;
            }

            EntryCodec.Read(entry, accountId, row.Sequence, _scratch);
            if (_scratch.Transaction.TransactionId.SequenceEqual(transactionId))
            {
                return new StoredEntry(row.Sequence, entry);
            }
        }

        return null;
    }

    public IReadOnlyList<StoredLabel> Labels(byte[] accountId, long from, long before) =>
        NumberOf(accountId) is var account and > 0 ? _labels.Read(account, from, before) : [];

    public void Dispose()
    {
        _entities.Dispose();
        _labels.Dispose();
        _documents.Dispose();
        foreach (var statement in (SqliteStatement[])[_account, _snapshot, _open, _segments, _entry])
        {
            statement.Dispose();
        }
    }

    /// <summary>One account or entity that can't be read is no reason to give up the others.</summary>
    private static Exception? Try<T>(Action<T> read, T request)
    {
        try
        {
            read(request);
            return null;
        }
        catch (Exception reason) when (reason is IOException or InvalidDataException)
        {
            return reason;
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
            using (_snapshot.Rows())
            {
                if (_snapshot.Bind(1, account).Step())
                {
                    after = _snapshot.Int64(0);
                    recovery.Snapshot = _snapshot.Blob(1).ToArray();
                }
            }
        }

        var last = after;
        foreach (var row in NewestFirst(account, after, long.MaxValue))
        {
            last = Math.Max(last, row.Sequence);
            var entry = Entry(row.Position);
            recovery.Entries.Add(new StoredEntry(row.Sequence, entry));
            if (IsOlder(entry, recovery.OlderThanTicks))
            {
                break;
            }
        }

        recovery.Entries.Reverse();
        recovery.Account.Number = account;
        recovery.Account.LastSequence = last;
    }

    /// <summary>A label may be of a very old transaction and yet new, and a change is of none.</summary>
    private static bool IsOlder(byte[] entry, long ticks) =>
        ticks > long.MinValue && !LabelCodec.IsLabel(entry) && !ChangeCodec.IsChange(entry) && EntryCodec.EventTimeOf(entry) < ticks;

    private void LookUp(Lookup lookup)
    {
        lookup.Found = Find(lookup.Account.Id, lookup.IdHash, lookup.TransactionId);
        if (lookup.WithLabel && lookup.Found is { } found)
        {
            lookup.IsFraud = _labels.Find(NumberOf(lookup.Account.Id), found.Sequence);
        }

        if (lookup.WithDocument is var (kind, key))
        {
            lookup.Document = _documents.Find(kind, key);
        }
    }

    /// <summary>0 where the account has no transaction.</summary>
    private long NumberOf(byte[] accountId)
    {
        using (_account.Rows())
        {
            return _account.Bind(1, accountId.AsSpan()).Step() ? _account.Int64(0) : 0;
        }
    }

    /// <summary>
    /// An account's rows between two sequence numbers, both excluded, from the newest down; segments are read only as far as is asked for. One enumeration at a time.
    /// </summary>
    private IEnumerable<IndexedRow> NewestFirst(long account, long after, long before)
    {
        // First what waits in memory, then the open segment, then the full ones: a row that moves on meanwhile is found twice, never missed.
        _waiting.Clear();
        _index.Copy(account, after, _waiting);
        var rows = _rows;
        rows.Clear();

        // One statement for all segments: while it is open, entries that are read need no lock and no look at the log of their own.
        using (_open.Rows())
        using (_segments.Rows())
        {
            if (_open.Bind(1, account).Step())
            {
                IndexedRow.Decode(_open.Blob(2), _open.Int64(0), _open.Int64(1), rows);
            }

            AddWaiting(rows);
            var onDiskBefore = rows.Count > 0 ? Math.Min(before, rows[0].Sequence) : before;
            var hasSegment = onDiskBefore > after + 1 && _segments.Bind(1, account).Bind(2, onDiskBefore).Step();
            for (var i = rows.Count - 1; i >= 0 && rows[i].Sequence > after; i--)
            {
                if (rows[i].Sequence < before)
                {
                    yield return rows[i];
                }
            }

            for (before = onDiskBefore; hasSegment; hasSegment = _segments.Step())
            {
                rows.Clear();
                IndexedRow.Decode(_segments.Blob(2), _segments.Int64(0), _segments.Int64(1), rows);
                for (var i = rows.Count - 1; i >= 0; i--)
                {
                    if (rows[i].Sequence <= after)
                    {
                        yield break;
                    }

                    if (rows[i].Sequence < before)
                    {
                        yield return rows[i];
                    }
                }

                before = rows.Count > 0 ? rows[0].Sequence : before;
            }
        }
    }

    /// <summary>Adds those that wait behind those of the open segment, of which some may wait as well.</summary>
    private void AddWaiting(List<IndexedRow> open)
    {
        while (_waiting.Count > 0 && open.Count > 0 && open[^1].Sequence >= _waiting[0].Sequence)
        {
            open.RemoveAt(open.Count - 1);
        }

        open.AddRange(_waiting);
    }

    private byte[] Entry(long position)
    {
        using (_entry.Rows())
        {
            return _entry.Bind(1, position).Step() ? _entry.Blob(0).ToArray() : throw new InvalidDataException($"The journal has no row {position}, but its index has.");
        }
    }
}
