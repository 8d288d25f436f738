using Npgsql;

namespace FraudEngine.Tests.Cluster;

/// <summary>Looks again and again at who holds which shard's advisory lock, as PostgreSQL says.</summary>
internal sealed class LockWatch : IAsyncDisposable
{
    private const string Query = """
        SELECT l.classid::bigint, l.objid::bigint, l.objsubid, l.pid, coalesce(a.application_name, '')
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.mode = 'ExclusiveLock' AND l.objid::bigint < 65536 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly CancellationTokenSource _ending = new();
    private readonly string _connectionString;
    private readonly Dictionary<(long, long, short), (int Session, string Life)> _holders = [];
    private readonly Task _running;

    public LockWatch(string connectionString)
    {
        _connectionString = connectionString;
        _running = RunAsync();
    }

    public int Looks { get; private set; }

    /// <summary>How often a lock had another holder than when it was held last.</summary>
    public int Moves { get; private set; }

    /// <summary>Locks that two sessions held at once.</summary>
    public int Doubles { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    public override string ToString() => $"{Looks} looks at pg_locks, {_holders.Count} locks, {Moves} moves, {Doubles} held by two";

    private async Task RunAsync()
    {
        await using var source = NpgsqlDataSource.Create(_connectionString);
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await LookAsync(source);
            }
            catch (NpgsqlException)
            {
                // The database is away now.
            }

            await Task.Delay(100, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(Query);
        await using var reader = await command.ExecuteReaderAsync(_ending.Token);
        var seen = new HashSet<(long, long, short)>();
        while (await reader.ReadAsync(_ending.Token))
        {
            var key = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt16(2));
            var holder = (reader.GetInt32(3), reader.GetString(4));
            Doubles += seen.Add(key) ? 0 : 1;
            Moves += _holders.TryGetValue(key, out var former) && former != holder ? 1 : 0;
            _holders[key] = holder;
        }

        Looks++;
    }
}
