using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>A bounded number of connections. Whoever finds none free waits for one, in turn and however long.</summary>
internal sealed class PostgresPool(string connectionString, int size) : IAsyncDisposable
{
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private readonly SemaphoreSlim _free = new(size);

    /// <summary>
    /// Lends a connection to what only reads. One that was broken while it was idle, as by a restart of the server, is no reason to fail: then the reading begins
    /// anew, once. Faults with <see cref="IOException"/> or <see cref="InvalidDataException"/>.
    /// </summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read) => UseAsync(async () =>
    {
        try
        {
            return await UseOnceAsync(read);
        }
        catch (NpgsqlException reason) when (reason.IsTransient)
        {
            _source.Clear();
            return await UseOnceAsync(read);
        }
    });

    /// <summary>Lends a connection that was seen to work to what must not be done twice. Faults as <see cref="ReadAsync"/> does.</summary>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => UseAsync(async () =>
    {
        await using var connection = await OpenSoundAsync();
        return await write(connection);
    });

    /// <summary>Waits a while for those who still use a connection.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < size; i++)
        {
            if (!await _free.WaitAsync(FarewellMax))
            {
                break;
            }
        }

        await _source.DisposeAsync();
    }

    private async Task<T> UseAsync<T>(Func<Task<T>> use)
    {
        await _free.WaitAsync();
        try
        {
            return await use();
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            throw PostgresFailures.Translate(reason);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<NpgsqlConnection> OpenSoundAsync()
    {
        var connection = await _source.OpenConnectionAsync();
        try
        {
            await connection.ExecuteAsync("SELECT 1");
            return connection;
        }
        catch (NpgsqlException reason) when (reason.IsTransient)
        {
            await connection.DisposeAsync();
            _source.Clear();
            return await _source.OpenConnectionAsync();
        }
    }

    private async Task<T> UseOnceAsync<T>(Func<NpgsqlConnection, Task<T>> use)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return await use(connection);
    }
}
