using FraudEngine.Domain;
using FraudEngine.Entities;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// Makes what kinds of entities the journal is indexed by, reading all of it for those that are new. Nobody may hold a shard meanwhile. A kind counts when it is
/// in the setting; what a making that was broken off has left is taken away by the next.
/// </summary>
internal sealed class PostgresEntityBuild(PostgresEntityKinds kinds, PostgresPosition position)
{
    private const int RowsPerCommit = 10_000;

    // A node that begins or ends to write holds the lock for a moment.
    private const int AttemptsMax = 20;
    private static readonly TimeSpan AttemptEvery = TimeSpan.FromMilliseconds(50);

    private readonly EntityKeys _keys = new();

    public async Task SetAsync(NpgsqlConnection connection, IReadOnlySet<EntityKind> asked, Action<long, long>? progress, TimeProvider time)
    {
        await kinds.LoadAsync(connection);
        if (EntityKinds.Visited.All(kind => asked.Contains(kind) == kinds.Has(kind)))
        {
            return;
        }

        if (!await TryLockAsync(connection, time))
        {
            await kinds.LoadAsync(connection);
            if (asked.All(kinds.Has))
            {
                // Others still need what this node doesn't.
                return;
            }

            throw new InvalidOperationException(
                "The rules need entities by which the journal is not indexed yet, and a node holds shards. Stop all nodes; the first to start makes the index.");
        }

        try
        {
            await kinds.LoadAsync(connection);
            await ChangeAsync(connection, asked, progress);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await kinds.LoadAsync(connection);
                await connection.ExecuteAsync($"SELECT pg_advisory_unlock({PostgresLocks.Class}, {PostgresLocks.Writers})");
            }
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, TimeProvider time)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await connection.ScalarAsync($"SELECT pg_try_advisory_lock({PostgresLocks.Class}, {PostgresLocks.Writers})") is true)
            {
                return true;
            }

            await Task.Delay(AttemptEvery, time);
        }

        return false;
    }

    private async Task ChangeAsync(NpgsqlConnection connection, IReadOnlySet<EntityKind> asked, Action<long, long>? progress)
    {
        EntityKind[] wanted = [.. EntityKinds.Visited.Where(asked.Contains)];
        EntityKind[] kept = [.. wanted.Where(kinds.Has)];
        EntityKind[] added = [.. wanted.Except(kept)];
        await PostgresRules.WriteSettingAsync(connection, PostgresEntityKinds.KindsSetting, PostgresEntityKinds.Text(kept));
        foreach (var kind in EntityKinds.Visited.Except(kept))
        {
            foreach (var table in (string[])["entity_rows", "entity_snapshots"])
            {
                await connection.ExecuteAsync($"DELETE FROM {table} WHERE key >= $1 AND key < $2", Bytes([(byte)kind]), Bytes([(byte)(kind + 1)]));
            }
        }

        if (added.Length > 0)
        {
            await ReadAsync(connection, added, progress);
            await PostgresRules.WriteSettingAsync(connection, PostgresEntityKinds.KindsSetting, PostgresEntityKinds.Text(wanted));
        }
    }

    private async Task ReadAsync(NpgsqlConnection connection, EntityKind[] added, Action<long, long>? progress)
    {
        // Nobody writes, so that all there is to come is below what a transaction would be given now.
        var all = await connection.LongAsync("SELECT sum(transactions + labels)::bigint FROM counts");
        var end = await connection.LongAsync($"SELECT {PostgresPosition.FirstSql(1)}", position.Offset());
        var read = 0L;
        for (var after = 0L; ;)
        {
            var rows = await connection.RowsAsync(
                $"SELECT position, committed, entry FROM journal WHERE position > $1 AND position < $2 ORDER BY position LIMIT {RowsPerCommit}",
                static row => (Position: row.GetInt64(0), Committed: row.GetDateTime(1), Entry: row.GetFieldValue<byte[]>(2)),
                Long(after),
                Long(end));
            if (rows.Count == 0)
            {
                return;
            }

            await WriteAsync(connection, added, rows);
            after = rows[^1].Position;
            read += rows.Count(static row => !ChangeCodec.IsChange(row.Entry));
            progress?.Invoke(read, all);
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, EntityKind[] added, List<(long Position, DateTime Committed, byte[] Entry)> rows)
    {
        var (positions, times, shards, names) = (new List<long>(), new List<DateTime>(), new List<int>(), new List<byte[]>());
        foreach (var (at, committed, entry) in rows)
        {
            foreach (var kind in _keys.TryRead(entry) ? added : [])
            {
                var key = _keys.Of(kind);
                if (!key.IsEmpty)
                {
                    positions.Add(at);
                    times.Add(committed);
                    shards.Add(kinds.ShardOf(key));
                    names.Add(key.ToArray());
                }
            }
        }

        await connection.ExecuteAsync(
            "INSERT INTO entity_rows (position, committed, shard, key) SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::bytea[])",
            Longs(positions),
            new NpgsqlParameter<List<DateTime>> { TypedValue = times, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.TimestampTz },
            Ints(shards),
            Blobs(names));
    }
}
