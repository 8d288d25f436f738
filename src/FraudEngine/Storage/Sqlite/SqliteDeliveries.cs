using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Deliveries and the channels' cursors. Called on the thread of its connection only.</summary>
internal sealed class SqliteDeliveries : IDisposable
{
    private const string Columns = "channel, position, alert, account, state, attempts, due, first, updated, message, problem";

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _cursor;
    private readonly SqliteStatement _state;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _count;
    private readonly long[] _changes = new long[Enum.GetValues<DeliveryState>().Length];

    public SqliteDeliveries(SqliteConnection connection)
    {
        _connection = connection;
        _cursor = connection.Prepare("INSERT OR REPLACE INTO channels (channel, cursor) VALUES (?, ?)");
        _state = connection.Prepare("SELECT state FROM deliveries WHERE channel = ? AND position = ?");
        _put = connection.Prepare($"INSERT OR REPLACE INTO deliveries ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _count = connection.Prepare(
            "INSERT INTO delivery_counts (channel, state, count) VALUES (?, ?, ?) ON CONFLICT (channel, state) DO UPDATE SET count = count + excluded.count");
    }

    /// <summary>Writes within the transaction that is open.</summary>
    public void Write(string channel, long cursor, IReadOnlyList<Delivery> changed)
    {
        Array.Clear(_changes);
        foreach (var delivery in changed)
        {
            Write(channel, delivery);
        }

        for (var state = 0; state < _changes.Length; state++)
        {
            if (_changes[state] != 0)
            {
                _count.Bind(1, channel).Bind(2, state).Bind(3, _changes[state]).Run();
            }
        }

        _cursor.Bind(1, channel).Bind(2, cursor).Run();
    }

    /// <summary>Null where the channel never had one.</summary>
    public long? Cursor(string channel)
    {
        using var find = _connection.Prepare("SELECT cursor FROM channels WHERE channel = ?");
        return find.Bind(1, channel).Step() ? find.Int64(0) : null;
    }

    public IReadOnlyList<Delivery> Read(string channel, DeliveryState state, long after, int max)
    {
        // What has been delivered is not in the index of states, as nearly everything has been: that is found among all.
        var where = state switch
        {
            DeliveryState.None => "",
            DeliveryState.Delivered => $"AND state = {(int)state}",
            DeliveryState.Waiting or DeliveryState.Grouped or DeliveryState.Dead => $"AND state = {(int)state} AND state <> {(int)DeliveryState.Delivered}",
        };
        using var query = _connection.Prepare($"SELECT {Columns} FROM deliveries WHERE channel = ? AND position > ? {where} ORDER BY position LIMIT ?");
        return Rows(query.Bind(1, channel).Bind(2, after).Bind(3, max));
    }

    public IReadOnlyList<Delivery> ReadOf(AlertId alert)
    {
        Span<byte> bytes = stackalloc byte[16];
        alert.Write(bytes);
        using var query = _connection.Prepare($"SELECT {Columns} FROM deliveries WHERE alert = ? ORDER BY channel, position");
        return Rows(query.Bind(1, bytes));
    }

    public IReadOnlyDictionary<DeliveryState, long> Count(string channel)
    {
        using var query = _connection.Prepare("SELECT state, count FROM delivery_counts WHERE channel = ? AND count > 0");
        query.Bind(1, channel);
        var counts = new Dictionary<DeliveryState, long>();
        while (query.Step())
        {
            counts.Add((DeliveryState)query.Int64(0), query.Int64(1));
        }

        return counts;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_cursor, _state, _put, _count])
        {
            statement.Dispose();
        }
    }

    private void Write(string channel, Delivery delivery)
    {
        using (_state.Rows())
        {
            if (_state.Bind(1, channel).Bind(2, delivery.Position).Step())
            {
                _changes[_state.Int64(0)]--;
            }
        }

        _changes[(int)delivery.State]++;
        Span<byte> alert = stackalloc byte[16];
        Span<byte> message = stackalloc byte[16];
        delivery.Alert.Write(alert);
        delivery.Message.Write(message);
        _put.Bind(1, channel).Bind(2, delivery.Position).Bind(3, alert).Bind(4, delivery.AccountId.AsSpan()).Bind(5, (int)delivery.State).Bind(6, delivery.Attempts);
        _put.Bind(7, delivery.DueTicks).Bind(8, delivery.FirstTicks).Bind(9, delivery.UpdatedTicks).Bind(10, message).BindOrNull(11, delivery.Problem).Run();
    }

    private static List<Delivery> Rows(SqliteStatement query)
    {
        var deliveries = new List<Delivery>();
        while (query.Step())
        {
            deliveries.Add(new Delivery(
                query.Text(0), query.Int64(1), AlertId.Read(query.Blob(2)), query.Blob(3).ToArray(), (DeliveryState)query.Int64(4), (int)query.Int64(5), query.Int64(6),
                query.Int64(7), query.Int64(8), AlertId.Read(query.Blob(9)), query.IsNull(10) ? null : query.Text(10)));
        }

        return deliveries;
    }
}
