using System.Globalization;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// A position is the number of the committing transaction, and below that the entry's place in it, from 1. So no two are the same, and below the oldest
/// transaction that still runs nothing comes any more. In a database that was restored from a dump, transactions are numbered anew: then an offset is added, so
/// that positions go on rising.
/// </summary>
internal sealed class PostgresPosition
{
    /// <summary>Entries of one commit.</summary>
    public const int EntriesMax = (1 << Bits) - 1;

    private const int Bits = 16;
    private const string OffsetSetting = "position_offset";

    // A session that raises the offset takes milliseconds; others wait for it.
    private const int AttemptsMax = 100;
    private static readonly TimeSpan AttemptEvery = TimeSpan.FromMilliseconds(50);

    private long _offset;

    /// <summary>Of the transaction in which it is asked, for <see cref="Offset"/> as the parameter of that number.</summary>
    public static string FirstSql(int parameter) => $"((pg_current_xact_id()::text::bigint + ${parameter.ToString(CultureInfo.InvariantCulture)}) << {Bits})";

    /// <summary>The horizon, and the end of what may be visible: nothing that is has a higher position.</summary>
    public static string HorizonSql(int parameter)
    {
        var offset = parameter.ToString(CultureInfo.InvariantCulture);
        return $"(pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ${offset}) << {Bits}, (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + ${offset}) << {Bits}";
    }

    public NpgsqlParameter Offset() => Long(Volatile.Read(ref _offset));

    public async Task LoadAsync(NpgsqlConnection connection) =>
        Volatile.Write(ref _offset, long.Parse(await connection.ScalarAsync($"SELECT value FROM settings WHERE name = '{OffsetSetting}'") as string ?? "0", CultureInfo.InvariantCulture));

    /// <summary>Raises the offset where stored positions are higher than what would be given next. Nobody may hold a shard then.</summary>
    public async Task MakeSureItRisesAsync(NpgsqlConnection connection, TimeProvider time)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            await LoadAsync(connection);
            if (await MissingAsync(connection) <= 0)
            {
                return;
            }

            if (await connection.ScalarAsync($"SELECT pg_try_advisory_lock({PostgresLocks.Class}, {PostgresLocks.Writers})") is true)
            {
                try
                {
                    await LoadAsync(connection);
                    if (await MissingAsync(connection) is var missing and > 0)
                    {
                        await connection.ExecuteAsync(
                            $"INSERT INTO settings VALUES ('{OffsetSetting}', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                            Text((Volatile.Read(ref _offset) + missing).ToString(CultureInfo.InvariantCulture)));
                        await LoadAsync(connection);
                    }

                    return;
                }
                finally
                {
                    await connection.ExecuteAsync($"SELECT pg_advisory_unlock({PostgresLocks.Class}, {PostgresLocks.Writers})");
                }
            }

            await Task.Delay(AttemptEvery, time);
        }

        throw new IOException("The database was restored, and positions have to go on behind those stored, but a node holds shards. Stop all nodes, then start them again.");
    }

    private async Task<long> MissingAsync(NpgsqlConnection connection) => await connection.LongAsync(
        $"""
        SELECT coalesce((greatest((SELECT max(position) FROM journal), (SELECT max(position) FROM alerts)) >> {Bits}) + 1
                        - (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + $1), 0)
        """,
        Offset());
}
