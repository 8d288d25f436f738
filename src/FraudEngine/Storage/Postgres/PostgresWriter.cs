using System.Threading.Channels;

namespace FraudEngine.Storage.Postgres;

/// <summary>
/// Commits what is submitted, as many batches at once as wait, over the session that holds their shards. One loop does all of it in the order in which it was
/// asked for; a session that is gone is replaced beside it.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    // Bounds how long a commit takes, and so how long an answer waits for the ones before it.
    private const int GroupAppendsMax = 16_384;
    private const int GroupBytesMax = 16 << 20;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(3);

    private readonly Channel<object> _work = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<Task<PostgresSession>> _open;
    private readonly Action<JournalBatch> _release;
    private readonly TimeProvider _time;
    private readonly PostgresGroup _group;
    private readonly List<JournalBatch> _batches = [];
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly ITimer _probe;
    private readonly Task _loop;
    private PostgresSession? _session;
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isConnected = true;
    private int _isProbing;
    private bool _hasCommitted;

    /// <param name="open">Opens a session in place of one that is gone.</param>
    /// <param name="release">Told of each batch that is durable.</param>
    public PostgresWriter(PostgresSession session, Func<Task<PostgresSession>> open, PostgresEntityKinds kinds, Action<JournalBatch> release, TimeProvider time)
    {
        _session = session;
        _open = open;
        _release = release;
        _time = time;
        _group = new PostgresGroup(kinds);
        _probe = time.CreateTimer(_ => EnqueueProbe(), null, ProbeEvery, ProbeEvery);
        _loop = Task.Run(RunAsync);
    }

    public bool IsConnected => _isConnected;

    public Action? Lost { get; set; }

    public Action? Connected { get; set; }

    /// <summary>Told of each batch that failed.</summary>
    public Action<JournalBatch, Exception>? Failed { get; set; }

    /// <summary>Told where the server had no partition for what was to be stored.</summary>
    public Action? LacksPartition { get; set; }

    public void Submit(JournalBatch batch) => _work.Writer.TryWrite(batch);

    public Task<bool> TryTakeAsync(int shard) => EnqueueAsync(session => session.TryTakeAsync(shard));

    public Task ReleaseAsync(int shard) => EnqueueAsync(async session =>
    {
        await session.ReleaseAsync(shard);
        return true;
    });

    /// <summary>After all that was submitted before; then every lock is free.</summary>
    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _ending.CancelAsync();
        _work.Writer.TryComplete();
        await _loop;
        await _connecting;
        if (_session is { } session)
        {
            await session.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _work.Reader.WaitToReadAsync())
        {
            TakeGroup();
            if (_batches.Count > 0)
            {
                await CommitAsync();
            }
            else if (_work.Reader.TryRead(out var work))
            {
                await ((Func<Task>)work)();
            }
        }
    }

    /// <summary>Takes the batches that wait up to the next that is no batch; those of shards that are not held fail at once.</summary>
    private void TakeGroup()
    {
        _batches.Clear();
        var (appends, bytes) = (0, 0);
        while (appends < GroupAppendsMax && bytes < GroupBytesMax && _work.Reader.TryPeek(out var work) && work is JournalBatch batch)
        {
            if (appends > 0 && appends + batch.Appends.Length > PostgresPosition.EntriesMax)
            {
                return;
            }

            _work.Reader.TryRead(out _);
            if (_session?.Holds(batch.Shard) != true)
            {
                Fail(batch, new ShardLostException($"Shard {batch.Shard} is not held by this node."));
            }
            else if (HasFailedBefore(batch))
            {
                Fail(batch, new IOException("An earlier batch of this shard could not be stored."));
            }
            else
            {
                _batches.Add(batch);
                appends += batch.Appends.Length;
                bytes += batch.Bytes.WrittenCount;
            }
        }
    }

    private async Task CommitAsync()
    {
        if (await TryCommitAsync(_batches) is not { } whole)
        {
            _batches.ForEach(_release);
            return;
        }

        // Something in the group can't be stored. One by one, so that only the shard which it belongs to has to restart.
        foreach (var batch in _batches)
        {
            var reason = _session is null ? Gone(batch, whole)
                : HasFailedBefore(batch) ? new IOException("An earlier batch of this shard could not be stored.")
                : await TryCommitAsync([batch]);
            if (reason is null)
            {
                _release(batch);
            }
            else
            {
                Fail(batch, _session is null && reason is not ShardLostException ? Gone(batch, reason) : reason);
            }
        }
    }

    /// <summary>Null where all is stored. Where the session was lost there is none afterwards.</summary>
    private async Task<Exception?> TryCommitAsync(List<JournalBatch> batches)
    {
        if (!batches.Exists(static batch => batch.HasWrites))
        {
            return null;
        }

        _group.Clear();
        try
        {
            batches.ForEach(_group.Add);
            await _session!.CommitAsync(_group);
            _hasCommitted = true;
            return null;
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            _group.Undo();
            if (reason is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.CheckViolation })
            {
                LacksPartition?.Invoke();
            }

            await LoseIfClosedAsync();
            return PostgresFailures.Translate(reason);
        }
    }

    private static ShardLostException Gone(JournalBatch batch, Exception reason) => new($"The session that held shard {batch.Shard} is gone. {reason.Message}", reason);

    private bool HasFailedBefore(JournalBatch batch) => _failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed;

    private void Fail(JournalBatch batch, Exception reason)
    {
        _failedIncarnations[batch.Shard] = batch.Incarnation;
        batch.State = BatchState.Failed;
        Failed?.Invoke(batch, reason);
    }

    private Task<T?> EnqueueAsync<T>(Func<PostgresSession, Task<T>> use)
    {
        var source = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _work.Writer.TryWrite(async Task () =>
        {
            try
            {
                source.SetResult(_session is { } session ? await use(session) : default);
            }
            catch (Exception reason) when (PostgresFailures.IsFailure(reason))
            {
                await LoseIfClosedAsync();
                source.SetResult(default);
            }
        });
        if (!isTaken)
        {
            source.SetResult(default);
        }

        return source.Task;
    }

    private void EnqueueProbe()
    {
        if (Interlocked.Exchange(ref _isProbing, 1) == 0)
        {
            _work.Writer.TryWrite((Func<Task>)ProbeAsync);
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            if (_session is { } session && !_hasCommitted)
            {
                await session.ProbeAsync();
            }
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await LoseIfClosedAsync();
        }

        _hasCommitted = false;
        Volatile.Write(ref _isProbing, 0);
    }

    private async Task LoseIfClosedAsync()
    {
        if (_session is not { IsOpen: false } gone)
        {
            return;
        }

        _session = null;
        _isConnected = false;
        await gone.DisposeAsync();
        Lost?.Invoke();
        _connecting = ConnectAsync();
    }

    private async Task ConnectAsync()
    {
        for (var delay = RetryMin; !_ending.IsCancellationRequested; delay = delay * 2 < RetryMax ? delay * 2 : RetryMax)
        {
            try
            {
                var session = await _open();
                if (!_work.Writer.TryWrite(() => TakeInAsync(session)))
                {
                    await session.DisposeAsync();
                }

                return;
            }
            catch (Exception reason) when (PostgresFailures.IsFailure(reason))
            {
                await Task.Delay(delay, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task TakeInAsync(PostgresSession session)
    {
        _session = session;
        _isConnected = true;
        Connected?.Invoke();
        return Task.CompletedTask;
    }
}
