using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Stores groups of batches, each group in one commit that is on the disk when <see cref="Commit"/> returns.</summary>
internal sealed class SqliteWriter : IDisposable
{
    // How far the index has come; journals of before have only the start of its tail there.
    private const string IndexSetting = "tail_start";

    private readonly SqliteConnection _connection;
    private readonly JournalIndex<IndexedRow> _index;
    private readonly Segments<IndexedRow> _segments;
    private readonly IndexWriter<IndexedRow> _indexWriter;
    private readonly EntityIndexWriter _entities;
    private readonly SqliteLabels _labels;
    private readonly SqliteDocuments _documents;
    private readonly SqliteDeliveries _deliveries;
    private readonly TimeProvider _clock;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _account;
    private readonly SqliteStatement _alert;
    private readonly SqliteStatement _change;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _poison;
    private readonly List<(AccountRef Account, long Number, long LastSequence)> _touched = [];
    private long _nextPosition;
    private long _nextAccount;

    public SqliteWriter(SqliteConnection connection, JournalIndex<IndexedRow> index, EntityIndex entities, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _index = index;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _append = connection.Prepare("INSERT INTO journal (position, account, sequence, id_hash, entry) VALUES (?, ?, ?, ?, ?)");
        _account = connection.Prepare("INSERT INTO accounts (number, id) VALUES (?, ?)");
        _alert = connection.Prepare("INSERT INTO alerts (position, account, id, committed) VALUES (?, ?, ?, ?)");
        _change = connection.Prepare("INSERT INTO changes (position) VALUES (?)");
        _snapshot = connection.Prepare("INSERT OR REPLACE INTO snapshots (account, sequence, state) VALUES (?, ?, ?)");
        _poison = connection.Prepare("INSERT INTO poison (account_id, transaction_id, reason) VALUES (?, ?, ?)");
        _segments = new Segments<IndexedRow>(connection, "segments", "account", IndexedRow.SegmentRows, IndexedRow.SegmentRows * 2);
        _indexWriter = new IndexWriter<IndexedRow>(connection, index, _segments, IndexSetting);
        _labels = new SqliteLabels(connection);
        _documents = new SqliteDocuments(connection);
        _deliveries = new SqliteDeliveries(connection);
        FindEnds();
        ReadTail();
        _entities = new EntityIndexWriter(connection, entities, _nextPosition);
    }

    /// <summary>Makes these the kinds of entities that every entry is indexed by, from the first one on.</summary>
    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress) => _entities.SetKinds(kinds, _nextPosition, progress);

    /// <summary>Stores all of the batches and deliveries or, where it throws, nothing of any.</summary>
    public void Commit(List<JournalBatch> group, List<DeliveryWrite> deliveries)
    {
        var first = _nextPosition;
        var committed = _clock.GetUtcNow().UtcTicks;
        _touched.Clear();
        _begin.Run();
        try
        {
            foreach (var batch in group)
            {
                Write(batch, committed);
            }

            foreach (var delivery in deliveries)
            {
                _deliveries.Write(delivery.Channel, delivery.Cursor, delivery.Changed);
            }

            _indexWriter.Write(first, (int)(_nextPosition - first));
            _entities.WriteSegments(first);
            _commit.Run();
        }
        catch
        {
            Undo();
            throw;
        }

        UpdateIndex(group);
        _entities.Committed();
    }

    public bool TryWrite(Document document, long ifVersion) => _documents.TryWrite(document, ifVersion);

    public bool Remove(DocumentKind kind, string key) => _documents.Remove(kind, key);

    public string Pin(string setting, string value)
    {
        using var insert = _connection.Prepare("INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)");
        insert.Bind(1, setting).Bind(2, value).Run();
        using var find = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        find.Bind(1, setting).Step();
        return find.Text(0);
    }

    public void Dispose()
    {
        _entities.Dispose();
        _indexWriter.Dispose();
        _segments.Dispose();
        _labels.Dispose();
        _documents.Dispose();
        _deliveries.Dispose();
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _append, _account, _alert, _change, _snapshot, _poison])
        {
            statement.Dispose();
        }
    }

    private void Write(JournalBatch batch, long committed)
    {
        batch.Positions.Clear();
        Span<byte> alertId = stackalloc byte[16];
        foreach (ref readonly var append in batch.Appends)
        {
            var account = append.Account;
            _touched.Add((account, account.Number, account.LastSequence));
            if (append.Sequence != account.LastSequence + 1)
            {
                throw new IOException($"An account's entry {append.Sequence} was to be stored after its {account.LastSequence}.");
            }

            account.LastSequence = append.Sequence;
            if (account.Number == 0)
            {
                _account.Bind(1, _nextAccount).Bind(2, account.Id).Run();
                account.Number = _nextAccount++;
            }

            var position = _nextPosition++;
            var entry = batch.Entry(append);
            _append.Bind(1, position).Bind(2, account.Number).Bind(3, append.Sequence).Bind(4, (long)append.IdHash).Bind(5, entry).Run();
            batch.Positions.Add(position);
            if (append.IsChange)
            {
                _change.Bind(1, position).Run();
                continue;
            }

            _entities.Note(entry, position);
            if (append.Labelled > 0)
            {
                _labels.Put(account.Number, append.Labelled, append.IsFraud);
            }

            if (append.AlertId != default)
            {
                append.AlertId.Write(alertId);
                _alert.Bind(1, position).Bind(2, account.Number).Bind(3, alertId).Bind(4, committed).Run();
            }
        }

        foreach (ref readonly var snapshot in batch.Snapshots)
        {
            _snapshot.Bind(1, snapshot.Account.Number).Bind(2, snapshot.Sequence).Bind(3, snapshot.State).Run();
        }

        foreach (ref readonly var snapshot in batch.EntitySnapshots)
        {
            _entities.Write(snapshot);
        }

        foreach (var (document, how) in batch.Documents)
        {
            _documents.Write(document, how);
        }

        foreach (ref readonly var poison in batch.Poison)
        {
            _poison.Bind(1, poison.AccountId).Bind(2, poison.TransactionId).Bind(3, poison.Reason).Run();
        }
    }

    /// <summary>After a commit: what was written to segments waits no longer, and what was appended does.</summary>
    private void UpdateIndex(List<JournalBatch> group)
    {
        using (_index.Open())
        {
            _index.RemoveDue();
            foreach (var batch in group)
            {
                var appends = batch.Appends;
                for (var i = 0; i < appends.Length; i++)
                {
                    _index.Add(appends[i].Account.Number, new IndexedRow(appends[i].Sequence, batch.Positions[i], appends[i].IdHash));
                }
            }
        }
    }

    /// <summary>Reads the journal's last rows into memory. Which of them are on disk by account already turns out when their account's turn comes.</summary>
    private void ReadTail()
    {
        _indexWriter.Begin();
        using var rows = _connection.Prepare("SELECT account, sequence, position, id_hash FROM journal WHERE position >= ? ORDER BY position");
        rows.Bind(1, _index.TailStart);
        while (rows.Step())
        {
            _index.Add(rows.Int64(0), new IndexedRow(rows.Int64(1), rows.Int64(2), (ulong)rows.Int64(3)));
        }
    }

    private void Undo()
    {
        for (var i = _touched.Count - 1; i >= 0; i--)
        {
            (_touched[i].Account.Number, _touched[i].Account.LastSequence) = (_touched[i].Number, _touched[i].LastSequence);
        }

        _index.Undone();
        _connection.Undo();

        // What is only in memory first: asking the database for the ends may fail too.
        _entities.Undone();
        FindEnds();
    }

    private void FindEnds()
    {
        _nextPosition = _connection.Scalar("SELECT max(position) FROM journal") + 1;
        _nextAccount = _connection.Scalar("SELECT max(number) FROM accounts") + 1;
    }
}
