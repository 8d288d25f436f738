using System.Diagnostics;
using FraudEngine.Domain;
using FraudEngine.Entities;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Reads in the order of positions, below the horizon; and what is read one at a time.</summary>
internal sealed class PostgresPages(PostgresPosition position)
{
    private static readonly TimeSpan HorizonWaitMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HorizonPollEvery = TimeSpan.FromMilliseconds(2);

    // Between the beginning of a transaction, which stands with its rows, and the moment when it gets its number.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    private const int MarksMax = 64;
    private static readonly TimeSpan MarkEvery = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<(long Horizon, DateTime At)> _marks = [];

    public async Task<IReadOnlyList<JournalRow>> ScanAsync(NpgsqlConnection connection, long after, int max)
    {
        var horizon = await SettledHorizonAsync(connection, "journal");
        return await connection.RowsAsync(
            "SELECT position, account, sequence, entry FROM journal WHERE position > $1 AND position < $2 ORDER BY position LIMIT $3",
            static row => new JournalRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)),
            Long(after),
            Long(horizon),
            Int(max));
    }

    public async Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(NpgsqlConnection connection, byte[]? account, long after, int max)
    {
        var horizon = await SettledHorizonAsync(connection, "alerts");
        return await connection.RowsAsync(
            $"""
            SELECT l.position, l.account, j.sequence, j.entry, l.committed FROM (
                SELECT position, committed, account FROM alerts WHERE position > $1 AND position < $2 {(account is null ? "" : "AND account = $4")} ORDER BY position LIMIT $3) l
            CROSS JOIN LATERAL (SELECT sequence, entry FROM journal WHERE position = l.position AND committed = l.committed LIMIT 1) j ORDER BY l.position
            """,
            ReadAlert,
            account is null ? [Long(after), Long(horizon), Int(max)] : [Long(after), Long(horizon), Int(max), Bytes(account)]);
    }

    /// <summary>Also above the horizon: nobody goes on from it.</summary>
    public static async Task<StoredAlert?> ReadAlertAsync(NpgsqlConnection connection, AlertId id)
    {
        var bytes = new byte[16];
        id.Write(bytes);
        var alerts = await connection.RowsAsync(
            """
            SELECT l.position, l.account, j.sequence, j.entry, l.committed FROM (SELECT position, committed, account FROM alerts WHERE id = $1 OFFSET 0) l
            CROSS JOIN LATERAL (SELECT sequence, entry FROM journal WHERE position = l.position AND committed = l.committed LIMIT 1) j
            """,
            ReadAlert,
            Bytes(bytes));
        return alerts.SingleOrDefault();
    }

    public async Task<long?> FindAlertAsync(NpgsqlConnection connection, AlertId id)
    {
        // Whoever goes on from it must miss none that stands before it.
        var bytes = new byte[16];
        id.Write(bytes);
        await SettledHorizonAsync(connection, "alerts");
        return await connection.ScalarAsync("SELECT position FROM alerts WHERE id = $1", Bytes(bytes)) as long?;
    }

    public async Task<long> NewestAlertAsync(NpgsqlConnection connection)
    {
        var horizon = await SettledHorizonAsync(connection, "alerts");
        return await connection.LongAsync("SELECT max(position) FROM alerts WHERE position < $1", Long(horizon));
    }

    public async Task<long> ReadHorizonAsync(NpgsqlConnection connection) => (await ReadHorizonsAsync(connection)).Horizon;

    public async Task<EntityRows> ReadEntityRowsAsync(NpgsqlConnection connection, IReadOnlyList<int> shards, long after, int max)
    {
        // The horizon before the rows: what is below it is committed, so the rows that are read after it have all of that.
        var (horizon, now) = await MarkAsync(connection);
        var rows = await connection.RowsAsync(
            """
            SELECT e.key, e.position, j.account, j.sequence, j.entry FROM (
                SELECT r.key, r.position, r.committed FROM unnest($1::int[]) AS s (shard) CROSS JOIN LATERAL (
                    SELECT key, position, committed FROM entity_rows WHERE shard = s.shard AND position > $2 AND committed >= $4 ORDER BY position LIMIT $3) r
                ORDER BY r.position, r.key LIMIT $3) e
            CROSS JOIN LATERAL (SELECT account, sequence, entry FROM journal WHERE position = e.position AND committed = e.committed LIMIT 1) j
            ORDER BY e.position, e.key
            """,
            static row => new NamedRow(
                row.GetFieldValue<byte[]>(0), new JournalRow(row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4))),
            Ints([.. shards]),
            Long(after),
            Int(max),
            Time(CommittedSince(after)));

        // The last one's entry may name more entities than were read.
        return new EntityRows(rows, rows.Count < max ? horizon : Math.Min(horizon, rows[^1].Row.Position - 1));
    }

    private static StoredAlert ReadAlert(NpgsqlDataReader row)
    {
        var decided = new TransactionDecided();
        EntryCodec.Read(row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(1), row.GetInt64(2), decided);
        return new StoredAlert(row.GetInt64(0), decided.Transaction, decided.Decision, row.GetDateTime(4).Ticks);
    }

    public static Task<List<StoredEntry>> ReadEntriesAsync(NpgsqlConnection connection, byte[] account, long before, int max) => connection.RowsAsync(
        "SELECT sequence, entry FROM journal WHERE account = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
        static row => new StoredEntry(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
        Bytes(account),
        Long(before),
        Int(max));

    public static async Task<StoredEntry?> FindEntryAsync(NpgsqlConnection connection, byte[] account, ulong idHash, byte[] transactionId)
    {
        var candidates = await connection.RowsAsync(
            PostgresReader.LookupSql,
            static row => new StoredEntry(row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
            Blobs(new List<byte[]> { account }),
            Longs([PostgresEntries.LookupOf(account, idHash)]));
        var scratch = new TransactionDecided();
        foreach (var candidate in candidates)
        {
            if (PostgresReader.IsOf(transactionId, account, candidate, scratch))
            {
                return candidate;
            }
        }

        return null;
    }

    public static Task<List<StoredLabel>> ReadLabelsAsync(NpgsqlConnection connection, byte[] account, long from, long before) => connection.RowsAsync(
        "SELECT sequence, is_fraud FROM labels WHERE account = $1 AND sequence >= $2 AND sequence < $3 ORDER BY sequence",
        static row => new StoredLabel(row.GetInt64(0), row.GetBoolean(1)),
        Bytes(account),
        Long(from),
        Long(before));

    public static async Task<JournalSize> MeasureAsync(NpgsqlConnection connection)
    {
        var rows = await connection.RowsAsync(
            "SELECT sum(transactions)::bigint, sum(accounts)::bigint, sum(alerts)::bigint, sum(poison)::bigint, sum(labels)::bigint FROM counts HAVING count(*) > 0",
            static row => new JournalSize(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));
        return rows.Count > 0 ? rows[0] : new JournalSize(0, 0, 0, 0);
    }

    /// <summary>
    /// The horizon, once it is above all that was visible when it was asked for: so that whoever has an answer in hands finds what it is about. A transaction that
    /// runs on and on, whoever's it is, holds it back; then it is given as it is after a while.
    /// </summary>
    private async Task<long> SettledHorizonAsync(NpgsqlConnection connection, string table)
    {
        var (horizon, end) = await ReadHorizonsAsync(connection);
        if (horizon >= end || await connection.LongAsync($"SELECT max(position) FROM {table}") < horizon)
        {
            return horizon;
        }

        var since = Stopwatch.GetTimestamp();
        while (horizon < end && Stopwatch.GetElapsedTime(since) < HorizonWaitMax)
        {
            await Task.Delay(HorizonPollEvery);
            (horizon, _) = await ReadHorizonsAsync(connection);
        }

        return horizon;
    }

    private async Task<(long Horizon, long End)> ReadHorizonsAsync(NpgsqlConnection connection)
    {
        var rows = await connection.RowsAsync($"SELECT {PostgresPosition.HorizonSql(1)}", static row => (row.GetInt64(0), row.GetInt64(1)), position.Offset());
        return rows[0];
    }

    /// <summary>Reads the horizon and notes now and then when it was there, so that later readings need not look into partitions that are older.</summary>
    private async Task<(long Horizon, DateTime Now)> MarkAsync(NpgsqlConnection connection)
    {
        var rows = await connection.RowsAsync(
            $"SELECT {PostgresPosition.HorizonSql(1)}, now()", static row => (Horizon: row.GetInt64(0), Now: row.GetDateTime(2)), position.Offset());
        lock (_gate)
        {
            if (_marks.Count == 0 || rows[0].Now - _marks[^1].At > MarkEvery)
            {
                _marks.Add(rows[0]);
                _marks.RemoveRange(0, Math.Max(0, _marks.Count - MarksMax));
            }
        }

        return rows[0];
    }

    /// <summary>No row above a position was committed before this moment.</summary>
    private DateTimeOffset CommittedSince(long after)
    {
        lock (_gate)
        {
            for (var i = _marks.Count - 1; i >= 0; i--)
            {
                if (_marks[i].Horizon <= after)
                {
                    return _marks[i].At - ClockSlack;
                }
            }
        }

        return DateTimeOffset.UnixEpoch;
    }
}
