using FraudEngine.Domain;
using FraudEngine.Entities;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Answers what shards ask: however many accounts and entities, with a few statements.</summary>
internal sealed class PostgresReader(PostgresPosition position, PostgresEntityKinds kinds)
{
    /// <summary>Candidates of one look-up come newest first; nearly always there is one.</summary>
    public const string LookupSql =
        """
        SELECT r.n, j.sequence, j.entry, (SELECT l.is_fraud FROM labels l WHERE l.account = r.account AND l.sequence = j.sequence)
        FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS r (account, lookup, n)
        CROSS JOIN LATERAL (
            SELECT sequence, entry FROM journal WHERE lookup = r.lookup AND account = r.account AND labelled IS NULL ORDER BY sequence DESC OFFSET 0) j
        """;

    /// <summary>Entries of accounts between two sequence numbers, both excluded, each account's newest first.</summary>
    private const string EntriesSql =
        """
        SELECT r.n, j.sequence, j.entry FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS r (account, after, before, max, n)
        CROSS JOIN LATERAL (
            SELECT sequence, entry FROM journal WHERE account = r.account AND sequence > r.after AND sequence < r.before ORDER BY sequence DESC LIMIT r.max) j
        """;

    private const string EntityRowsSql =
        """
        SELECT r.n, e.position, j.account, j.sequence, j.entry FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS r (key, after, n)
        CROSS JOIN LATERAL (SELECT position, committed FROM entity_rows WHERE key = r.key AND position > r.after ORDER BY position OFFSET 0) e
        CROSS JOIN LATERAL (SELECT account, sequence, entry FROM journal WHERE position = e.position AND committed = e.committed LIMIT 1) j
        """;

    // An account is read backwards in pieces, the first of which is mostly enough.
    private const long PieceMin = 256;
    private const long PieceMax = 4096;

    /// <summary>Answers all, or faults. May be called once more for the same.</summary>
    public async Task<bool> AnswerAsync(NpgsqlConnection connection, JournalReads reads)
    {
        Forget(reads);
        await RecoverAsync(connection, reads.Recoveries);
        await LookUpAsync(connection, reads.Lookups);
        await PostgresDocuments.AnswerAsync(connection, reads.Lookups);
        await RecoverAsync(connection, reads.Entities);
        return true;
    }

    /// <summary>The decisions that look-ups have found, one after the other in the same object.</summary>
    public static IEnumerable<Decision> DecisionsOf(JournalReads reads)
    {
        var scratch = new TransactionDecided();
        foreach (var lookup in reads.Lookups)
        {
            if (lookup.Found is { } entry)
            {
                EntryCodec.Read(entry.Bytes, lookup.Account.Id, entry.Sequence, scratch);
                yield return scratch.Decision;
            }
        }
    }

    /// <summary>Says of all that it could not be answered.</summary>
    public static void Fail(JournalReads reads, Exception reason)
    {
        Forget(reads);
        reads.Recoveries.ForEach(recovery => recovery.Failure = reason);
        reads.Lookups.ForEach(lookup => lookup.Failure = reason);
        reads.Entities.ForEach(recovery => recovery.Failure = reason);
    }

    private static void Forget(JournalReads reads)
    {
        foreach (var recovery in reads.Recoveries)
        {
            (recovery.Snapshot, recovery.DroppedTo) = ([], 0);
            recovery.Entries.Clear();
        }

        reads.Lookups.ForEach(static lookup => lookup.Document = null);
        foreach (var recovery in reads.Entities)
        {
            (recovery.Snapshot, recovery.SnapshotPosition, recovery.Horizon) = ([], 0, 0);
            recovery.Rows.Clear();
        }
    }

    private static async Task RecoverAsync(NpgsqlConnection connection, List<Recovery> recoveries)
    {
        if (recoveries.Count == 0)
        {
            return;
        }

        var walks = new List<Walk>();
        await using (var command = connection.Command(
            """
            SELECT r.n, s.sequence, CASE r.is_whole WHEN 0 THEN s.state END
            FROM unnest($1::bytea[], $2::int[]) WITH ORDINALITY AS r (account, is_whole, n) JOIN accounts a ON a.id = r.account
            LEFT JOIN snapshots s ON s.account = r.account
            """,
            Blobs(recoveries.ConvertAll(static recovery => recovery.Account.Id)),
            Ints(recoveries.ConvertAll(static recovery => recovery.FromStart ? 1 : 0))))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var recovery = recoveries[(int)reader.GetInt64(0) - 1];
                var snapshot = reader.IsDBNull(1) ? 0 : reader.GetInt64(1);
                recovery.Snapshot = reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2);
                walks.Add(new Walk(recovery, snapshot) { After = recovery.FromStart ? 0 : snapshot });
            }
        }

        for (var piece = PieceMin; walks.Count > 0; piece = Math.Min(piece * 4, PieceMax))
        {
            await ReadPiecesAsync(connection, walks, piece);
            foreach (var walk in walks.Where(static walk => walk.IsOver))
            {
                walk.End();
            }

            walks.RemoveAll(static walk => walk.IsOver);
        }
    }

    private static async Task ReadPiecesAsync(NpgsqlConnection connection, List<Walk> walks, long piece)
    {
        await using var command = connection.Command(
            EntriesSql,
            Blobs(walks.ConvertAll(static walk => walk.Recovery.Account.Id)),
            Longs(walks.ConvertAll(static walk => walk.After)),
            Longs(walks.ConvertAll(static walk => walk.Before)),
            Longs(walks.ConvertAll(walk => walk.Begin(piece))));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var walk = walks[(int)reader.GetInt64(0) - 1];
            if (!walk.IsOver)
            {
                walk.Add(new StoredEntry(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        walks.ForEach(static walk => walk.EndPiece());
    }

    private static async Task LookUpAsync(NpgsqlConnection connection, List<Lookup> lookups)
    {
        if (lookups.Count == 0)
        {
            return;
        }

        await using var command = connection.Command(
            LookupSql,
            Blobs(lookups.ConvertAll(static lookup => lookup.Account.Id)),
            Longs(lookups.ConvertAll(static lookup => PostgresEntries.LookupOf(lookup.Account.Id, lookup.IdHash))));
        await using var reader = await command.ExecuteReaderAsync();
        var scratch = new TransactionDecided();
        while (await reader.ReadAsync())
        {
            var lookup = lookups[(int)reader.GetInt64(0) - 1];
            try
            {
                var entry = new StoredEntry(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
                if (lookup.Found is null && IsOf(lookup.TransactionId, lookup.Account.Id, entry, scratch))
                {
                    lookup.Found = entry;
                    lookup.IsFraud = lookup.WithLabel && !reader.IsDBNull(3) ? reader.GetBoolean(3) : null;
                }
            }
            catch (InvalidDataException reason)
            {
                // One that can't be read is no reason to give up the others.
                lookup.Failure = reason;
            }
        }
    }

    /// <summary>Whether an entry is of a transaction id. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static bool IsOf(byte[] transactionId, byte[] account, StoredEntry entry, TransactionDecided scratch)
    {
        EntryCodec.Read(entry.Bytes, account, entry.Sequence, scratch);
        return scratch.Transaction.TransactionId.SequenceEqual(transactionId);
    }

    private async Task RecoverAsync(NpgsqlConnection connection, List<EntityRecovery> asked)
    {
        var recoveries = new List<EntityRecovery>(asked.Count);
        foreach (var recovery in asked)
        {
            var kind = recovery.Key.Length == 0 ? EntityKind.None : EntityKey.KindOf(recovery.Key);
            if (kinds.Has(kind))
            {
                recoveries.Add(recovery);
            }
            else
            {
                recovery.Failure = new InvalidDataException($"The journal is not indexed by entities of kind {kind}.");
            }
        }

        if (recoveries.Count > 0)
        {
            await ReadEntitySnapshotsAsync(connection, recoveries);
            await ReadEntityRowsAsync(connection, recoveries);
        }
    }

    private async Task ReadEntitySnapshotsAsync(NpgsqlConnection connection, List<EntityRecovery> recoveries)
    {
        // The horizon before the rows: what is below it is committed, so the rows that are read after it have all of that.
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT {PostgresPosition.HorizonSql(1)}", position.Offset());
        batch.Add(
            "SELECT r.n, s.position, s.state FROM unnest($1::bytea[], $2::int[]) WITH ORDINALITY AS r (key, is_whole, n) JOIN entity_snapshots s ON s.key = r.key AND r.is_whole = 0",
            Blobs(recoveries.ConvertAll(static recovery => recovery.Key)),
            Ints(recoveries.ConvertAll(static recovery => recovery.FromStart ? 1 : 0)));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var horizon = reader.GetInt64(0);
        recoveries.ForEach(recovery => recovery.Horizon = horizon);
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var recovery = recoveries[(int)reader.GetInt64(0) - 1];
            (recovery.SnapshotPosition, recovery.Snapshot) = (reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }
    }

    private static async Task ReadEntityRowsAsync(NpgsqlConnection connection, List<EntityRecovery> recoveries)
    {
        await using var command = connection.Command(
            EntityRowsSql,
            Blobs(recoveries.ConvertAll(static recovery => recovery.Key)),
            Longs(recoveries.ConvertAll(static recovery => recovery.SnapshotPosition)));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            recoveries[(int)reader.GetInt64(0) - 1].Rows.Add(
                new JournalRow(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3), reader.GetFieldValue<byte[]>(4)));
        }
    }

    /// <summary>The way back through an account's entries.</summary>
    /// <param name="snapshot">The sequence number of the stored snapshot, also where that does not serve; 0 where there is none.</param>
    private sealed class Walk(Recovery recovery, long snapshot)
    {
        private long _left;
        private bool _isStopped;

        public Recovery Recovery { get; } = recovery;

        public long After { get; init; }

        public long Before { get; private set; } = long.MaxValue;

        public bool IsOver { get; private set; }

        /// <summary>How many entries are to be read next. All of them where nothing says when to stop.</summary>
        public long Begin(long piece) => _left = Recovery.OlderThanTicks > long.MinValue ? piece : long.MaxValue;

        public void Add(StoredEntry entry)
        {
            Recovery.Entries.Add(entry);
            Before = entry.Sequence;
            _left--;
            IsOver = _isStopped = IsOlder(entry.Bytes, Recovery.OlderThanTicks);
        }

        public void EndPiece() => IsOver |= _left > 0;

        public void End()
        {
            // A snapshot outlives the entries that it was made of.
            Recovery.Account.Number = PostgresEntries.NumberOf(Recovery.Account.Id);
            Recovery.Account.LastSequence = Recovery.Entries.Count > 0 ? Recovery.Entries[0].Sequence : snapshot;
            Recovery.Entries.Reverse();
            var begin = Recovery.Entries.Count > 0 ? Recovery.Entries[0].Sequence - 1 : snapshot;
            Recovery.DroppedTo = begin > After && !_isStopped ? begin : 0;
        }

        /// <summary>A label may be of a very old transaction and yet new, and a change is of none.</summary>
        private static bool IsOlder(byte[] entry, long ticks) =>
            ticks > long.MinValue && !LabelCodec.IsLabel(entry) && !ChangeCodec.IsChange(entry) && EntryCodec.EventTimeOf(entry) < ticks;
    }
}
