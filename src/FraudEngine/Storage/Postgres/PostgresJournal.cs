using FraudEngine.Domain;
using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// The journal in a PostgreSQL database to which several nodes write. One session commits for this node, and holds the locks of its shards; what is read goes
/// over connections of its own.
/// </summary>
public sealed partial class PostgresJournal : ISharedJournal
{
    private static readonly TimeSpan MaintainEvery = TimeSpan.FromMinutes(10);

    private readonly PostgresConnections _connections;
    private readonly PostgresPosition _position;
    private readonly PostgresEntityKinds _kinds;
    private readonly PostgresReader _reader;
    private readonly PostgresPages _pages;
    private readonly PostgresPartitions _partitions;
    private readonly PostgresWriter _writer;
    private readonly PostgresDeliveryWriter _deliveryWriter;
    private readonly PostgresLeases _leases;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _maintenance = new(1);
    private readonly ITimer _maintain;
    private IJournalSink? _sink;
    private int _catalogEnd;
    private int _isDisposed;

    private PostgresJournal(
        PostgresConnections connections, PostgresPosition position, PostgresEntityKinds kinds, PostgresPartitions partitions, PostgresSession session, TimeProvider time)
    {
        _connections = connections;
        _position = position;
        _kinds = kinds;
        _partitions = partitions;
        _time = time;
        _reader = new PostgresReader(position, kinds);
        _pages = new PostgresPages(position);
        _writer = new PostgresWriter(session, () => PostgresSession.OpenAsync(connections, position, kinds, time), kinds, Release, time)
        {
            Failed = (batch, reason) => _sink!.Failed(batch, reason),
            LacksPartition = () => _ = MaintainAsync(),
        };
        _deliveryWriter = new PostgresDeliveryWriter(writes => WriteAsync(connection => PostgresDeliveries.WriteAsync(connection, writes)));
        _leases = new PostgresLeases(connections, time);
        _maintain = time.CreateTimer(_ => _ = MaintainAsync(), null, MaintainEvery, MaintainEvery);
    }

    public ReasonCatalog Catalog { get; } = new();

    public bool IsConnected => _writer.IsConnected;

    public Action? Lost
    {
        get => _writer.Lost;
        set => _writer.Lost = value;
    }

    public Action? Connected
    {
        get => _writer.Connected;
        set => _writer.Connected = value;
    }

    /// <summary>
    /// Opens the journal, and makes or migrates its tables. Throws <see cref="IOException"/>, <see cref="InvalidDataException"/> or
    /// <see cref="InvalidOperationException"/>, which say what is wrong and what to do about it.
    /// </summary>
    public static async Task<PostgresJournal> OpenAsync(PostgresSettings settings, TimeProvider time)
    {
        var connections = new PostgresConnections(settings);
        try
        {
            var (position, kinds) = (new PostgresPosition(), new PostgresEntityKinds());
            var partitions = new PostgresPartitions(connections, settings, time);
            await using (var connection = await connections.OpenSingleAsync())
            {
                await PostgresSchema.MigrateAsync(connection);
                await partitions.MakeAsync(connection);
                await kinds.LoadAsync(connection);
            }

            var session = await PostgresSession.OpenAsync(connections, position, kinds, time);
            var journal = new PostgresJournal(connections, position, kinds, partitions, session, time);
            try
            {
                await journal.RefreshCatalogAsync();
                return journal;
            }
            catch (Exception reason) when (PostgresFailures.IsFailure(reason))
            {
                await journal.DisposeAsync();
                throw;
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await connections.DisposeAsync();
            throw PostgresFailures.AtOpen(reason, connections.Target);
        }
    }

    /// <summary>Blocks: for the start only.</summary>
    public string Pin(string setting, string value) => Task.Run(async () =>
    {
        var pinned = await WriteAsync(connection => PostgresRules.PinAsync(connection, setting, value));
        await ReadAsync(async connection =>
        {
            await _kinds.LoadAsync(connection);
            return true;
        });
        return pinned;
    }).GetAwaiter().GetResult();

    /// <summary>Blocks: for the start only. Throws <see cref="InvalidOperationException"/> where there is something to be done and a node holds shards.</summary>
    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null) => Task.Run(async () =>
    {
        try
        {
            await using var connection = await _connections.OpenSingleAsync();
            await new PostgresEntityBuild(_kinds, _position).SetAsync(connection, kinds, progress, _time);
        }
        catch (NpgsqlException reason)
        {
            throw PostgresFailures.Translate(reason);
        }
    }).GetAwaiter().GetResult();

    public void Start(IJournalSink sink) => _sink = sink;

    public void Submit(JournalBatch batch)
    {
        batch.State = BatchState.Submitted;
        _writer.Submit(batch);
    }

    public Task<bool> TryTakeAsync(int shard) => _writer.TryTakeAsync(shard);

    public Task ReleaseAsync(int shard) => _writer.ReleaseAsync(shard);

    public Task<IReadOnlyList<ShardHolder>> ReadHoldersAsync() => ReadAsync(PostgresHolders.ReadAsync);

    public Task EvictAsync(ShardHolder holder) => WriteAsync(connection => PostgresHolders.EvictAsync(connection, holder));

    public async Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max) =>
        await ReadAsync(connection => PostgresPages.ReadEntriesAsync(connection, accountId, before, max));

    public Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId) =>
        ReadAsync(connection => PostgresPages.FindEntryAsync(connection, accountId, idHash, transactionId));

    public async Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) =>
        await ReadAsync(connection => PostgresPages.ReadLabelsAsync(connection, accountId, from, before));

    public Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max) => ReadAsync(connection => _pages.ScanAsync(connection, after, max));

    public Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max) =>
        ReadAsync(connection => _pages.ReadAlertsAsync(connection, accountId, after, max));

    public Task<long?> FindAlertAsync(AlertId id) => ReadAsync(connection => _pages.FindAlertAsync(connection, id));

    public Task<long> NewestAlertAsync() => ReadAsync(_pages.NewestAlertAsync);

    public Task<JournalSize> MeasureAsync() => ReadAsync(PostgresPages.MeasureAsync);

    public Task<EntityRows> ReadEntityRowsAsync(IReadOnlyList<int> shards, long after, int max) =>
        _connections.Readers.ReadAsync(connection => _pages.ReadEntityRowsAsync(connection, shards, after, max));

    public Task<long> ReadHorizonAsync() => ReadAsync(_pages.ReadHorizonAsync);

    /// <summary>The lock is that of a session of its own, which may wait for long.</summary>
    public async Task<IAsyncDisposable> LockSettingsAsync()
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _connections.OpenSingleAsync();
            await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresLocks.Class}, {PostgresLocks.Settings})", connection) { CommandTimeout = 0 };
            await take.ExecuteNonQueryAsync();
            return connection;
        }
        catch (NpgsqlException reason)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw PostgresFailures.Translate(reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _maintain.DisposeAsync();
        await _leases.DisposeAsync();
        await _writer.DisposeAsync();
        await _maintenance.WaitAsync();
        await _connections.DisposeAsync();
    }

    private Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read) => _connections.PatientReaders.ReadAsync(read);

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => _connections.PatientReaders.WriteAsync(write);

    private void Release(JournalBatch batch)
    {
        // The shard may use the batch again as soon as it is told.
        var (reads, patientReads) = (batch.Reads, batch.PatientReads);
        batch.State = BatchState.Durable;
        _sink!.Durable(batch);
        _ = AnswerAsync(_connections.Readers, reads);
        _ = AnswerAsync(_connections.PatientReaders, patientReads);
    }

    private async Task AnswerAsync(PostgresPool pool, JournalReads? reads)
    {
        if (reads is null)
        {
            return;
        }

        try
        {
            await pool.ReadAsync(connection => _reader.AnswerAsync(connection, reads));

            // A resend is answered with what is found, whoever has decided it.
            await this.KnowAsync(PostgresReader.DecisionsOf(reads));
        }
        catch (Exception reason) when (reason is IOException or InvalidDataException)
        {
            PostgresReader.Fail(reads, reason);
        }

        _sink!.Answered(reads);
    }

    private async Task MaintainAsync()
    {
        if (!await _maintenance.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            await _partitions.MaintainAsync();
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            // There are partitions ahead for a good while, and what could not be dropped now can be later.
        }
        finally
        {
            _maintenance.Release();
        }
    }
}
