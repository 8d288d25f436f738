using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Stores and reads named lists. A change is written in several commits, as all that is read in the order of positions waits for each of them.</summary>
internal static class PostgresLists
{
    private const int EntriesPerCommit = 5_000;
    private const string NewestSql = "SELECT max(version) FROM list_versions WHERE is_whole";

    /// <summary>What <c>removed</c> holds for an entry that is there.</summary>
    private static readonly string NotRemoved = long.MaxValue.ToString(CultureInfo.InvariantCulture);

    public static async Task<long> ChangeAsync(NpgsqlConnection connection, string list, string owner, IReadOnlyList<StoredListEntry> changes)
    {
        // One change at a time, of whatever node.
        await connection.ExecuteAsync($"SELECT pg_advisory_lock({PostgresLocks.Class}, {PostgresLocks.Lists})");
        try
        {
            var (number, version) = await BeginAsync(connection, list, owner);
            foreach (var part in changes.OrderBy(static change => change.Text, StringComparer.Ordinal).Chunk(EntriesPerCommit))
            {
                await WriteAsync(connection, number, version, part);
            }

            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("UPDATE list_versions SET is_whole = true WHERE version = $1", Long(version));
            await PostgresRules.RaiseRevisionAsync(connection);
            await transaction.CommitAsync();
            return version;
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await connection.ExecuteAsync($"SELECT pg_advisory_unlock({PostgresLocks.Class}, {PostgresLocks.Lists})");
            }
        }
    }

    public static async Task<StoredLists> ReadAllAsync(NpgsqlConnection connection, long? version)
    {
        var at = Math.Min(version ?? long.MaxValue, await connection.LongAsync(NewestSql));
        var lists = await connection.RowsAsync(
            """
            SELECT DISTINCT ON (l.name) l.number, l.name, v.owner, v.version FROM list_versions v JOIN lists l ON l.number = v.list
            WHERE v.version <= $1 ORDER BY l.name, v.version DESC
            """,
            static row => (Number: row.GetInt32(0), List: new StoredList(row.GetString(1), row.GetString(2), row.GetInt64(3), [])),
            Long(at));
        List<StoredList> read = [];
        foreach (var (number, list) in lists)
        {
            read.Add(list with { Entries = await ReadEntriesAsync(connection, number, at, after: "", int.MaxValue) });
        }

        return new StoredLists(at, read);
    }

    public static async Task<IReadOnlyList<StoredListEntry>> ReadAsync(NpgsqlConnection connection, string list, string? after, int max) =>
        await connection.ScalarAsync("SELECT number FROM lists WHERE name = $1", Text(list)) is int number
            ? await ReadEntriesAsync(connection, number, await connection.LongAsync(NewestSql), after ?? "", max)
            : [];

    private static async Task<(int Number, long Version)> BeginAsync(NpgsqlConnection connection, string list, string owner)
    {
        await using var transaction = await connection.BeginTransactionAsync();

        // What a change that was broken off has left behind would come to count as soon as its version is given again.
        if (await connection.LongAsync("SELECT max(version) FROM list_versions WHERE NOT is_whole") is var broken and > 0)
        {
            await connection.ExecuteAsync("DELETE FROM list_entries WHERE added = $1", Long(broken));
            await connection.ExecuteAsync($"UPDATE list_entries SET removed = {NotRemoved} WHERE removed = $1", Long(broken));
            await connection.ExecuteAsync("DELETE FROM list_versions WHERE version = $1", Long(broken));
        }

        await connection.ExecuteAsync("INSERT INTO lists (name) SELECT $1 WHERE NOT EXISTS (SELECT FROM lists WHERE name = $1)", Text(list));
        var number = (int)(await connection.ScalarAsync("SELECT number FROM lists WHERE name = $1", Text(list)))!;
        var version = await connection.LongAsync(
            "INSERT INTO list_versions (version, list, owner, is_whole) SELECT coalesce(max(version), 0) + 1, $1, $2, false FROM list_versions RETURNING version",
            Int(number),
            Text(owner));
        await transaction.CommitAsync();
        return (number, version);
    }

    private static async Task WriteAsync(NpgsqlConnection connection, int number, long version, StoredListEntry[] changes)
    {
        await using var batch = new NpgsqlBatch(connection);

        // Each text is looked up by itself. Left to choose, the server compares each of a list with each that is given, as it takes a list that has just become large to be small.
        batch.Add(
            $"""
            UPDATE list_entries SET removed = $2 WHERE ctid = ANY (ARRAY(
                SELECT e.ctid FROM unnest($3::text[]) AS r (text)
                CROSS JOIN LATERAL (SELECT ctid FROM list_entries WHERE list = $1 AND text = r.text AND removed = {NotRemoved} LIMIT 1) AS e))
            """,
            Int(number),
            Long(version),
            Texts(Array.ConvertAll(changes, static change => change.Text)));
        batch.Add(
            $"""
            INSERT INTO list_entries (list, text, added, removed, expires)
            SELECT $1, r.text, $2, {NotRemoved}, r.expires FROM unnest($3::text[], $4::bigint[]) AS r (text, expires) WHERE r.expires IS NOT NULL
            """,
            Int(number),
            Long(version),
            Texts(Array.ConvertAll(changes, static change => change.Text)),
            new NpgsqlParameter<long?[]>
            {
                TypedValue = Array.ConvertAll(changes, static change => change.ExpiresTicks),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
            });
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Entries at a version, from behind a text on; no text is empty.</summary>
    private static Task<List<StoredListEntry>> ReadEntriesAsync(NpgsqlConnection connection, int list, long version, string after, int max) => connection.RowsAsync(
        "SELECT text, expires FROM list_entries WHERE list = $1 AND text > $2 AND added <= $3 AND removed > $3 ORDER BY text LIMIT $4",
        static row => new StoredListEntry(row.GetString(0), row.GetInt64(1)),
        Int(list),
        Text(after),
        Long(version),
        Int(max));
}
