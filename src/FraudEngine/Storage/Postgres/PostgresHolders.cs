using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Who holds which shard, and how to end that.</summary>
internal static class PostgresHolders
{
    private const int EndWaitMs = 5_000;

    private static readonly string LocksSql =
        $"""
        pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {PostgresLocks.Class} AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private static readonly string HeldSql = $"{LocksSql} AND l.objid < 2147483648";

    // As PostgresLocks.OfChannel numbers them.
    private static readonly string LeasedSql = $"{LocksSql} AND l.objid >= 2147483648 AND l.objid < 3221225472";

    public static async Task<IReadOnlyList<ShardHolder>> ReadAsync(NpgsqlConnection connection) => await connection.RowsAsync(
        $"SELECT l.objid::int, a.application_name, a.pid, a.backend_start FROM {HeldSql} ORDER BY 1",
        static row => new ShardHolder(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetDateTime(3).Ticks));

    /// <summary>
    /// Returns when the session is gone, and with it the one by which its node delivers on channels: a node that is silent delivers nothing either. Faults where it
    /// does not go.
    /// </summary>
    public static async Task<bool> EvictAsync(NpgsqlConnection connection, ShardHolder holder)
    {
        var isGone = await connection.ScalarAsync(
            $"SELECT pg_terminate_backend(h.pid, {EndWaitMs}) FROM (SELECT a.pid FROM {HeldSql} AND a.pid = $1 AND a.backend_start = $2 AND l.objid = $3::bigint::oid OFFSET 0) h",
            Int(holder.Session),
            Time(new DateTimeOffset(holder.SinceTicks, TimeSpan.Zero)),
            Int(holder.Shard));
        if (isGone is true)
        {
            await connection.ScalarAsync(
                $"SELECT count(pg_terminate_backend(h.pid)) FROM (SELECT DISTINCT a.pid FROM {LeasedSql} AND a.application_name = $1 OFFSET 0) h", Text(holder.Node));
        }

        return isGone is not false ? true : throw new IOException($"The session {holder.Session} that holds shard {holder.Shard} was ended, but has not gone within {EndWaitMs} ms.");
    }
}
