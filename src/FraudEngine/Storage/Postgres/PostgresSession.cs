using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// The session that holds shards and commits for them. One caller at a time. What faults while <see cref="IsOpen"/> stays true was refused and changed nothing;
/// else the session is gone, and whether the last commit was made is not known.
/// </summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresPosition _position;
    private readonly PostgresEntityKinds _kinds;
    private readonly HashSet<int> _held = [];
    private bool _isWriter;

    private PostgresSession(NpgsqlConnection connection, PostgresPosition position, PostgresEntityKinds kinds)
    {
        _connection = connection;
        _position = position;
        _kinds = kinds;
    }

    public bool IsOpen => _connection.FullState == System.Data.ConnectionState.Open;

    public static async Task<PostgresSession> OpenAsync(PostgresConnections connections, PostgresPosition position, PostgresEntityKinds kinds, TimeProvider time)
    {
        var connection = await connections.OpenWriterAsync();
        try
        {
            // Nothing is answered that a crash of the server could take back, whatever its configuration says.
            await connection.ExecuteAsync("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
            await position.MakeSureItRisesAsync(connection, time);
            return new PostgresSession(connection, position, kinds);
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public bool Holds(int shard) => _held.Contains(shard);

    public async Task CommitAsync(PostgresGroup group)
    {
        // One batch is one transaction, which ends with its last statement: a single round trip.
        await using var batch = new NpgsqlBatch(_connection);
        group.Write(batch, _position);
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var before = reader.GetInt64(0);

        // That it is committed is known only when the server has answered all of it.
        while (await reader.NextResultAsync())
        {
        }

        group.Committed(before);
    }

    public async Task<bool> TryTakeAsync(int shard)
    {
        if (_held.Contains(shard))
        {
            await ProbeAsync();
            return true;
        }

        if (!_isWriter)
        {
            if (await _connection.ScalarAsync($"SELECT pg_try_advisory_lock_shared({PostgresLocks.Class}, {PostgresLocks.Writers})") is not true)
            {
                return false;
            }

            _isWriter = true;

            // From here on nobody changes them.
            await _position.LoadAsync(_connection);
            await _kinds.LoadAsync(_connection);
        }

        if (await _connection.ScalarAsync($"SELECT pg_try_advisory_lock({PostgresLocks.Class}, $1)", PostgresCommands.Int(shard)) is true)
        {
            return _held.Add(shard);
        }

        await EndWritingAsync();
        return false;
    }

    public async Task ReleaseAsync(int shard)
    {
        if (_held.Remove(shard))
        {
            await _connection.ExecuteAsync($"SELECT pg_advisory_unlock({PostgresLocks.Class}, $1)", PostgresCommands.Int(shard));
            await EndWritingAsync();
        }
    }

    /// <summary>Faults where the session is gone.</summary>
    public Task ProbeAsync() => _connection.ExecuteAsync("SELECT 1");

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsOpen && _held.Count > 0)
            {
                // The server would do it too, but only some time after the connection is closed.
                await _connection.ExecuteAsync("SELECT pg_advisory_unlock_all()");
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            // Then the locks go with the session.
        }

        await _connection.DisposeAsync();
    }

    private async Task EndWritingAsync()
    {
        if (_held.Count == 0 && _isWriter)
        {
            _isWriter = false;
            await _connection.ExecuteAsync($"SELECT pg_advisory_unlock_shared({PostgresLocks.Class}, {PostgresLocks.Writers})");
        }
    }
}
