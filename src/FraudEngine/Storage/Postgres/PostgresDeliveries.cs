using FraudEngine.Domain;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Deliveries and the channels' cursors in their tables.</summary>
internal static class PostgresDeliveries
{
    private const string Columns = "channel, position, alert, account, state, attempts, due, first, updated, message, problem";

    // A commit for which what is paged by position waits.
    private const int AlertsPerCommit = 5_000;

    /// <summary>Stores all of it as one transaction.</summary>
    public static async Task<bool> WriteAsync(NpgsqlConnection connection, IEnumerable<DeliveryWrite> writes)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var channel in writes.GroupBy(static write => write.Channel).OrderBy(static channel => channel.Key, StringComparer.Ordinal))
        {
            // A statement writes each row once: the last counts.
            var changed = new SortedDictionary<long, Delivery>();
            foreach (var delivery in channel.SelectMany(static write => write.Changed))
            {
                changed[delivery.Position] = delivery;
            }

            Write(batch, channel.Key, channel.Last().Cursor, [.. changed.Values]);
        }

        await batch.ExecuteNonQueryAsync();
        return true;
    }

    public static async Task<long?> ReadCursorAsync(NpgsqlConnection connection, string channel) =>
        await connection.ScalarAsync("SELECT cursor FROM channels WHERE channel = $1", Text(channel)) as long?;

    public static Task<List<Delivery>> ReadAsync(NpgsqlConnection connection, string channel, DeliveryState state, long after, int max)
    {
        // What has been delivered is not in the index of states, as nearly everything has been: that is found among all.
        var where = state switch
        {
            DeliveryState.None => "",
            DeliveryState.Delivered => $"AND state = {(int)state}",
            DeliveryState.Waiting or DeliveryState.Grouped or DeliveryState.Dead => $"AND state = {(int)state} AND state <> {(int)DeliveryState.Delivered}",
        };
        return connection.RowsAsync(
            $"SELECT {Columns} FROM deliveries WHERE channel = $1 AND position > $2 {where} ORDER BY position LIMIT $3", Read, Text(channel), Long(after), Int(max));
    }

    public static Task<List<Delivery>> ReadOfAsync(NpgsqlConnection connection, AlertId alert) =>
        connection.RowsAsync($"SELECT {Columns} FROM deliveries WHERE alert = $1 ORDER BY channel, position", Read, Bytes(BytesOf(alert)));

    public static async Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(NpgsqlConnection connection, string channel)
    {
        var counts = await connection.RowsAsync(
            "SELECT state, count FROM delivery_counts WHERE channel = $1 AND count > 0", static row => (State: (DeliveryState)row.GetInt32(0), Count: row.GetInt64(1)), Text(channel));
        return counts.ToDictionary(static count => count.State, static count => count.Count);
    }

    /// <summary>Removes those of the alerts that are to be dropped with a partition, in small commits.</summary>
    /// <param name="journal">The partition.</param>
    public static async Task DropAsync(NpgsqlConnection connection, string journal, DateTimeOffset upper)
    {
        for (long? after = 0; after is not null;)
        {
            after = await connection.ScalarAsync(
                $"""
                WITH part AS MATERIALIZED (
                    SELECT position, id FROM alerts WHERE position > $1 AND position <= (SELECT max(position) FROM {journal}) AND committed < $2 ORDER BY position LIMIT {AlertsPerCommit}),
                gone AS (DELETE FROM deliveries WHERE alert IN (SELECT id FROM part) RETURNING channel, state),
                counted AS (
                    UPDATE delivery_counts c SET count = c.count - g.n FROM (SELECT channel, state, count(*) AS n FROM gone GROUP BY channel, state) g
                    WHERE c.channel = g.channel AND c.state = g.state)
                SELECT max(position) FROM part
                """,
                Long(after.Value),
                Time(upper)) as long?;
        }
    }

    private static void Write(NpgsqlBatch batch, string channel, long cursor, List<Delivery> changed)
    {
        // First the channel's row, behind which another write of the channel waits.
        batch.Add("INSERT INTO channels VALUES ($1, $2) ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor", Text(channel), Long(cursor));
        if (changed.Count == 0)
        {
            return;
        }

        var (positions, states) = (Longs(changed.ConvertAll(static delivery => delivery.Position)), Ints(changed.ConvertAll(static delivery => (int)delivery.State)));
        batch.Add(
            """
            INSERT INTO delivery_counts SELECT $1, c.state, sum(c.n) FROM (
                SELECT state, 1 AS n FROM unnest($3::int[]) AS r (state)
                UNION ALL
                SELECT d.state, -1 FROM unnest($2::bigint[]) AS r (position)
                CROSS JOIN LATERAL (SELECT state FROM deliveries WHERE channel = $1 AND position = r.position OFFSET 0) d) c
            GROUP BY c.state HAVING sum(c.n) <> 0 ORDER BY c.state
            ON CONFLICT (channel, state) DO UPDATE SET count = delivery_counts.count + excluded.count
            """,
            Text(channel),
            positions,
            states);
        batch.Add(
            $"""
            INSERT INTO deliveries ({Columns})
            SELECT $1, r.* FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[], $11::text[]) r
            ON CONFLICT (channel, position) DO UPDATE SET alert = excluded.alert, account = excluded.account, state = excluded.state, attempts = excluded.attempts,
                due = excluded.due, first = excluded.first, updated = excluded.updated, message = excluded.message, problem = excluded.problem
            """,
            Text(channel),
            Longs(changed.ConvertAll(static delivery => delivery.Position)),
            Blobs(changed.ConvertAll(static delivery => BytesOf(delivery.Alert))),
            Blobs(changed.ConvertAll(static delivery => delivery.AccountId)),
            Ints(changed.ConvertAll(static delivery => (int)delivery.State)),
            Ints(changed.ConvertAll(static delivery => delivery.Attempts)),
            Longs(changed.ConvertAll(static delivery => delivery.DueTicks)),
            Longs(changed.ConvertAll(static delivery => delivery.FirstTicks)),
            Longs(changed.ConvertAll(static delivery => delivery.UpdatedTicks)),
            Blobs(changed.ConvertAll(static delivery => BytesOf(delivery.Message))),
            TextsOrNull(changed.ConvertAll(static delivery => delivery.Problem?.Replace("\0", "", StringComparison.Ordinal))));
    }

    private static byte[] BytesOf(AlertId id)
    {
        var bytes = new byte[16];
        id.Write(bytes);
        return bytes;
    }

    private static Delivery Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), AlertId.Read(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3), (DeliveryState)row.GetInt32(4), row.GetInt32(5), row.GetInt64(6),
        row.GetInt64(7), row.GetInt64(8), AlertId.Read(row.GetFieldValue<byte[]>(9)), row.IsDBNull(10) ? null : row.GetString(10));
}
