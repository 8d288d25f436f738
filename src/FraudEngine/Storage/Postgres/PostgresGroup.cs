using System.Buffers;
using FraudEngine.Domain;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// What is committed as one, in columns: each statement inserts all rows of its table. Reusable. The bytes of entries stay where their batches have them, so no
/// batch may be released before the commit has ended.
/// </summary>
internal sealed class PostgresGroup(PostgresEntityKinds kinds)
{
    private readonly EntityKeys _entityKeys = new();
    private readonly ArrayBufferWriter<byte> _keyBytes = new();
    private readonly List<(AccountRef Account, long Number, long LastSequence)> _touched = [];
    private readonly List<(JournalBatch Batch, int First)> _batches = [];
    private readonly List<ReadOnlyMemory<byte>> _accounts = [];
    private readonly List<ReadOnlyMemory<byte>> _entries = [];
    private readonly List<long> _sequences = [];
    private readonly List<long> _lookups = [];
    private readonly List<long> _labelled = [];
    private readonly List<byte[]> _newAccounts = [];
    private readonly List<long> _alertRows = [];
    private readonly List<byte[]> _alertIds = [];
    private readonly List<byte[]> _alertAccounts = [];
    private readonly List<long> _entityRows = [];
    private readonly List<int> _entityShards = [];
    private readonly List<ReadOnlyMemory<byte>> _entityNames = [];
    private readonly Dictionary<(AccountRef Account, long Sequence), bool> _labels = [];
    private readonly Dictionary<AccountRef, SnapshotWrite> _snapshots = [];
    private readonly Dictionary<byte[], EntitySnapshotWrite> _entitySnapshots = new(new IdComparer());
    private readonly PostgresGroupDocuments _documents = new();
    private readonly List<PoisonRecord> _poison = [];
    private readonly SortedDictionary<int, long[]> _counts = [];

    /// <summary>Forgets what it holds.</summary>
    public void Clear()
    {
        _keyBytes.ResetWrittenCount();
        _touched.Clear();
        _batches.Clear();
        _accounts.Clear();
        _entries.Clear();
        _sequences.Clear();
        _lookups.Clear();
        _labelled.Clear();
        _newAccounts.Clear();
        _alertRows.Clear();
        _alertIds.Clear();
        _alertAccounts.Clear();
        _entityRows.Clear();
        _entityShards.Clear();
        _entityNames.Clear();
        _labels.Clear();
        _snapshots.Clear();
        _entitySnapshots.Clear();
        _documents.Clear();
        _poison.Clear();
        _counts.Clear();
    }

    /// <summary>Adds a batch. Throws <see cref="IOException"/> where an entry is not the next of its account; then the whole group is to be undone.</summary>
    public void Add(JournalBatch batch)
    {
        _batches.Add((batch, _sequences.Count));
        if (!batch.HasWrites)
        {
            return;
        }

        if (!_counts.TryGetValue(batch.Shard, out var counts))
        {
            _counts.Add(batch.Shard, counts = new long[5]);
        }

        var bytes = batch.Bytes.WrittenMemory;
        foreach (ref readonly var append in batch.Appends)
        {
            Add(append, bytes.Slice(append.Start, append.Length), counts);
        }

        foreach (ref readonly var snapshot in batch.Snapshots)
        {
            _snapshots[snapshot.Account] = snapshot;
        }

        foreach (ref readonly var snapshot in batch.EntitySnapshots)
        {
            if (kinds.Has(EntityKey.KindOf(snapshot.Key)))
            {
                _entitySnapshots[snapshot.Key] = snapshot;
            }
        }

        foreach (var (document, how) in batch.Documents)
        {
            _documents.Add(document, how);
        }

        foreach (ref readonly var poison in batch.Poison)
        {
            _poison.Add(poison);
            counts[4]++;
        }
    }

    /// <summary>Nothing of it was stored.</summary>
    public void Undo()
    {
        for (var i = _touched.Count - 1; i >= 0; i--)
        {
            (_touched[i].Account.Number, _touched[i].Account.LastSequence) = (_touched[i].Number, _touched[i].LastSequence);
        }

        foreach (var (batch, _) in _batches)
        {
            batch.Positions.Clear();
        }
    }

    /// <summary>All of it was stored, with positions above the given one.</summary>
    public void Committed(long before)
    {
        foreach (var (batch, first) in _batches)
        {
            batch.Positions.Clear();
            for (var i = 1; i <= batch.Appends.Length; i++)
            {
                batch.Positions.Add(before + first + i);
            }
        }
    }

    /// <summary>The statements that store it, behind one that gives the position before the first.</summary>
    public void Write(NpgsqlBatch batch, PostgresPosition position)
    {
        batch.Add($"SELECT {PostgresPosition.FirstSql(1)}", position.Offset());
        WriteEntries(batch, position);
        WriteSnapshots(batch);
        _documents.Write(batch);
        if (_poison.Count > 0)
        {
            batch.Add(
                "INSERT INTO poison (account_id, transaction_id, reason) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[])",
                Blobs(_poison.ConvertAll(static poison => poison.AccountId)),
                Blobs(_poison.ConvertAll(static poison => poison.TransactionId)),
                Texts(_poison.ConvertAll(static poison => poison.Reason.Replace("\0", "", StringComparison.Ordinal))));
        }

        batch.Add(
            """
            INSERT INTO counts SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
            ON CONFLICT (shard) DO UPDATE SET transactions = counts.transactions + excluded.transactions, labels = counts.labels + excluded.labels,
                accounts = counts.accounts + excluded.accounts, alerts = counts.alerts + excluded.alerts, poison = counts.poison + excluded.poison
            """,
            Ints([.. _counts.Keys]),
            Counts(0),
            Counts(1),
            Counts(2),
            Counts(3),
            Counts(4));
    }

    private void Add(in JournalAppend append, ReadOnlyMemory<byte> entry, long[] counts)
    {
        var account = append.Account;
        _touched.Add((account, account.Number, account.LastSequence));
        if (append.Sequence != account.LastSequence + 1)
        {
            throw new IOException($"An account's entry {append.Sequence} was to be stored after its {account.LastSequence}.");
        }

        if (_sequences.Count == PostgresPosition.EntriesMax)
        {
            // The next position may be another commit's.
            throw new IOException($"More than {PostgresPosition.EntriesMax} entries were to be stored as one.");
        }

        account.LastSequence = append.Sequence;
        if (account.Number == 0)
        {
            account.Number = PostgresEntries.NumberOf(account.Id);
            _newAccounts.Add(account.Id);
            counts[2]++;
        }

        _accounts.Add(account.Id);
        _entries.Add(entry);
        _sequences.Add(append.Sequence);
        _lookups.Add(PostgresEntries.LookupOf(account.Id, append.IdHash));
        _labelled.Add(append.IsChange ? PostgresEntries.LabelledOfChange : append.Labelled);
        if (append.IsChange)
        {
            return;
        }

        AddEntities(entry.Span);
        counts[append.Labelled > 0 ? 1 : 0]++;
        if (append.Labelled > 0)
        {
            _labels[(account, append.Labelled)] = append.IsFraud;
        }

        if (append.AlertId != default)
        {
            var id = new byte[16];
            append.AlertId.Write(id);
            _alertRows.Add(_sequences.Count);
            _alertIds.Add(id);
            _alertAccounts.Add(account.Id);
            counts[3]++;
        }
    }

    private void AddEntities(ReadOnlySpan<byte> entry)
    {
        if (kinds.Kinds.IsEmpty)
        {
            return;
        }

        if (!_entityKeys.TryRead(entry))
        {
            throw new IOException("An entry was to be stored that does not tell which entities it names.");
        }

        foreach (var kind in kinds.Kinds)
        {
            var key = _entityKeys.Of(kind);
            if (!key.IsEmpty)
            {
                // Where the buffer grows, what was cut from it before keeps the old one.
                var start = _keyBytes.WrittenCount;
                _keyBytes.Write(key);
                _entityNames.Add(_keyBytes.WrittenMemory[start..]);
                _entityShards.Add(kinds.ShardOf(key));
                _entityRows.Add(_sequences.Count);
            }
        }
    }

    private void WriteEntries(NpgsqlBatch batch, PostgresPosition position)
    {
        if (_newAccounts.Count > 0)
        {
            batch.Add("INSERT INTO accounts SELECT * FROM unnest($1::bytea[])", Blobs(_newAccounts));
        }

        if (_sequences.Count > 0)
        {
            batch.Add(
                $"""
                INSERT INTO journal (sequence, position, lookup, labelled, committed, account, entry)
                SELECT r.sequence, (SELECT {PostgresPosition.FirstSql(6)}) + r.n, r.lookup, nullif(r.labelled, 0), now(), r.account, r.entry
                FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[]) WITH ORDINALITY AS r (account, sequence, lookup, labelled, entry, n)
                """,
                Blobs(_accounts),
                Longs(_sequences),
                Longs(_lookups),
                Longs(_labelled),
                Blobs(_entries),
                position.Offset());
        }

        if (_entityRows.Count > 0)
        {
            batch.Add(
                $"""
                INSERT INTO entity_rows (position, committed, shard, key)
                SELECT (SELECT {PostgresPosition.FirstSql(4)}) + r.n, now(), r.shard, r.key FROM unnest($1::bigint[], $2::int[], $3::bytea[]) AS r (n, shard, key)
                """,
                Longs(_entityRows),
                Ints(_entityShards),
                Blobs(_entityNames),
                position.Offset());
        }

        if (_alertRows.Count > 0)
        {
            batch.Add(
                $"""
                INSERT INTO alerts (position, committed, account, id)
                SELECT (SELECT {PostgresPosition.FirstSql(4)}) + r.n, now(), r.account, r.id FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS r (n, account, id)
                """,
                Longs(_alertRows),
                Blobs(_alertAccounts),
                Blobs(_alertIds),
                position.Offset());
        }

        if (_labels.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO labels SELECT r.account, r.sequence, r.is_fraud = 1 FROM unnest($1::bytea[], $2::bigint[], $3::int[]) AS r (account, sequence, is_fraud)
                ON CONFLICT (account, sequence) DO UPDATE SET is_fraud = excluded.is_fraud
                """,
                Blobs([.. _labels.Keys.Select(static label => label.Account.Id)]),
                Longs([.. _labels.Keys.Select(static label => label.Sequence)]),
                Ints([.. _labels.Values.Select(static isFraud => isFraud ? 1 : 0)]));
        }
    }

    private void WriteSnapshots(NpgsqlBatch batch)
    {
        if (_snapshots.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO snapshots SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[])
                ON CONFLICT (account) DO UPDATE SET sequence = excluded.sequence, state = excluded.state
                """,
                Blobs([.. _snapshots.Values.Select(static snapshot => snapshot.Account.Id)]),
                Longs([.. _snapshots.Values.Select(static snapshot => snapshot.Sequence)]),
                Blobs([.. _snapshots.Values.Select(static snapshot => snapshot.State)]));
        }

        if (_entitySnapshots.Count > 0)
        {
            // One at a time by the index; a join might read the whole table.
            batch.Add(
                """
                INSERT INTO entity_snapshots SELECT r.key, r.position, r.state FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS r (key, position, state)
                WHERE (SELECT true FROM entity_rows e WHERE e.key = r.key LIMIT 1)
                ON CONFLICT (key) DO UPDATE SET position = excluded.position, state = excluded.state
                """,
                Blobs([.. _entitySnapshots.Values.Select(static snapshot => snapshot.Key)]),
                Longs([.. _entitySnapshots.Values.Select(static snapshot => snapshot.Position)]),
                Blobs([.. _entitySnapshots.Values.Select(static snapshot => snapshot.State)]));
        }
    }

    private NpgsqlParameter Counts(int column) => Longs([.. _counts.Values.Select(counts => counts[column])]);
}
