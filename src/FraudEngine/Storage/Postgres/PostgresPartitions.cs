using System.Globalization;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Makes the journal's partitions ahead of their time and drops those that are too old. Any number of nodes may do so at once.</summary>
internal sealed class PostgresPartitions(PostgresConnections connections, PostgresSettings settings, TimeProvider time)
{
    private const int Ahead = 2;
    private const int LabelsPerCommit = 5_000;

    // A session's clock stands still while its transaction runs.
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    public async Task MaintainAsync()
    {
        await using var connection = await connections.OpenSingleAsync();
        await MakeAsync(connection);
        await DropAsync(connection);
    }

    /// <summary>Makes sure that there is one for all that may be committed in the next time.</summary>
    public async Task MakeAsync(NpgsqlConnection connection)
    {
        if (await CoveredAsync(connection) is var (now, covered) && covered >= now + (settings.PartitionSpan * Ahead))
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({PostgresLocks.Class}, {PostgresLocks.Schema})");
        (now, covered) = await CoveredAsync(connection);
        var lower = Aligned(now - Late);
        lower = lower > covered ? lower : covered;
        while (lower < now + (settings.PartitionSpan * (Ahead + 1)))
        {
            var upper = Aligned(lower) + settings.PartitionSpan;
            await MakeAsync(connection, lower, upper);
            lower = upper;
        }

        await transaction.CommitAsync();
    }

    private static string NameOf(string table, DateTimeOffset lower) => $"{table}_{lower.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";

    private static string Literal(DateTimeOffset moment) => $"timestamptz '{moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00'";

    private static async Task<(DateTimeOffset Now, DateTimeOffset Covered)> CoveredAsync(NpgsqlConnection connection)
    {
        var rows = await connection.RowsAsync(
            "SELECT clock_timestamp(), coalesce((SELECT max(upper) FROM partitions), timestamptz '2000-01-01 00:00:00+00')",
            static row => ((DateTimeOffset)row.GetDateTime(0), (DateTimeOffset)row.GetDateTime(1)));
        return rows[0];
    }

    /// <summary>Attached when it is ready: that stops no commit, and the constraint spares reading it for what is out of its bounds.</summary>
    internal static Task MakeAsync(NpgsqlConnection connection, DateTimeOffset lower, DateTimeOffset upper)
    {
        var (journal, entities, from, to) = (NameOf("journal", lower), NameOf("entity_rows", lower), Literal(lower), Literal(upper));
        return connection.ExecuteAsync(
            $"""
            CREATE TABLE {journal} (LIKE journal, CHECK (committed >= {from} AND committed < {to}));
            CREATE UNIQUE INDEX {journal}_account ON {journal} (account, sequence);
            CREATE INDEX {journal}_position ON {journal} (position);
            CREATE INDEX {journal}_lookup ON {journal} (lookup);
            ALTER TABLE journal ATTACH PARTITION {journal} FOR VALUES FROM ({from}) TO ({to});
            CREATE TABLE {entities} (LIKE entity_rows, CHECK (committed >= {from} AND committed < {to}));
            CREATE INDEX {entities}_key ON {entities} (key, position);
            CREATE INDEX {entities}_shard ON {entities} (shard, position);
            ALTER TABLE entity_rows ATTACH PARTITION {entities} FOR VALUES FROM ({from}) TO ({to});
            INSERT INTO partitions VALUES ({from}, {to});
            """);
    }

    private async Task DropAsync(NpgsqlConnection connection)
    {
        if (settings.Retention is not { } retention)
        {
            return;
        }

        // The earlier of two clocks: one that runs ahead must not drop what is to be kept.
        var (now, _) = await CoveredAsync(connection);
        var floor = (now < time.GetUtcNow() ? now : time.GetUtcNow()) - retention;
        var old = await connection.RowsAsync(
            "SELECT lower, upper FROM partitions WHERE upper <= $1 ORDER BY lower", static row => ((DateTimeOffset)row.GetDateTime(0), (DateTimeOffset)row.GetDateTime(1)), Time(floor));
        foreach (var (lower, upper) in old)
        {
            await DropAsync(connection, lower, upper);
        }
    }

    private static async Task DropAsync(NpgsqlConnection connection, DateTimeOffset lower, DateTimeOffset upper)
    {
        var journal = NameOf("journal", lower);
        await using (var guard = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({PostgresLocks.Class}, {PostgresLocks.Schema})");
            if (await connection.ScalarAsync("SELECT 1 FROM partitions WHERE lower = $1", Time(lower)) is null)
            {
                return;
            }
        }

        // In small commits, as what is paged by position waits for each of them; before the rows that say which labels they are.
        while (await connection.LongAsync(
            $"""
            WITH gone AS (DELETE FROM labels WHERE ctid = ANY (ARRAY(
                SELECT l.ctid FROM labels l JOIN {journal} j ON j.account = l.account AND j.sequence = l.sequence LIMIT {LabelsPerCommit})) RETURNING 1)
            SELECT count(*) FROM gone
            """) > 0)
        {
        }

        await PostgresDeliveries.DropAsync(connection, journal, upper);
        await using var transaction = await connection.BeginTransactionAsync();

        // Where a long reading stands in the way it is tried again next time, rather than that everybody waits behind it.
        await connection.ExecuteAsync("SET LOCAL lock_timeout = '2s'");
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({PostgresLocks.Class}, {PostgresLocks.Schema})");
        if (await connection.ScalarAsync("SELECT 1 FROM partitions WHERE lower = $1", Time(lower)) is not null)
        {
            var counted = await connection.RowsAsync(
                $"SELECT count(*) FILTER (WHERE labelled IS NULL), count(*) FILTER (WHERE labelled > 0) FROM {journal}", static row => (row.GetInt64(0), row.GetInt64(1)));
            var (transactions, labels) = counted[0];

            // Those that have come since.
            await PostgresDeliveries.DropAsync(connection, journal, upper);
            var alerts = await connection.LongAsync(
                $"WITH gone AS (DELETE FROM alerts WHERE position <= (SELECT max(position) FROM {journal}) AND committed < $1 RETURNING 1) SELECT count(*) FROM gone", Time(upper));
            await connection.ExecuteAsync(
                """
                INSERT INTO counts VALUES (-1, $1, $2, 0, $3, 0)
                ON CONFLICT (shard) DO UPDATE SET transactions = counts.transactions + $1, labels = counts.labels + $2, alerts = counts.alerts + $3
                """,
                Long(-transactions),
                Long(-labels),
                Long(-alerts));
            await connection.ExecuteAsync($"DROP TABLE {journal}, {NameOf("entity_rows", lower)}");
            await connection.ExecuteAsync("DELETE FROM partitions WHERE lower = $1", Time(lower));
        }

        await transaction.CommitAsync();
    }

    private DateTimeOffset Aligned(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % settings.PartitionSpan.Ticks), TimeSpan.Zero);
}
