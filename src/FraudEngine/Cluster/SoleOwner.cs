using FraudEngine.Engine;
using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>A node on a shared journal that knows of no others: it takes all shards, and takes them again when the session that held them was lost.</summary>
public sealed class SoleOwner : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly DecisionEngine _engine;
    private readonly ISharedJournal _journal;
    private readonly IClusterEvents _events;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _changed = new(0);
    private Task _keeping = Task.CompletedTask;
    private int _losses;
    private volatile bool _ownsAll;

    public SoleOwner(DecisionEngine engine, ISharedJournal journal, IClusterEvents events)
    {
        (_engine, _journal, _events) = (engine, journal, events);
        journal.Lost = () =>
        {
            Interlocked.Increment(ref _losses);
            _ownsAll = false;
            _changed.Release();
            events.DatabaseLost();
        };
        journal.Connected = () => _changed.Release();
    }

    /// <summary>Whether all shards are this node's and can be written.</summary>
    public bool IsReady => _ownsAll && _journal.IsConnected;

    /// <summary>Takes all shards. Throws <see cref="InvalidOperationException"/> where another node holds one.</summary>
    public async Task TakeAllAsync()
    {
        if (await TryTakeAllAsync() is { } taken)
        {
            var holder = (await _journal.ReadHoldersAsync()).FirstOrDefault(holder => holder.Shard == taken)?.Node ?? "another engine";
            throw new InvalidOperationException(
                $"The journal is in use by {holder}. Stop that one, or let both take part in a cluster: give each of them the address of a RabbitMQ with --Broker:Url.");
        }

        _keeping = KeepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _journal.Lost = null;
        _journal.Connected = null;
        await _ending.CancelAsync();
        await _keeping;
        _ending.Dispose();
        _changed.Dispose();
    }

    private async Task KeepAsync()
    {
        var losses = 0;
        while (!_ending.IsCancellationRequested)
        {
            Task changed = _changed.WaitAsync(_ownsAll ? Timeout.InfiniteTimeSpan : RetryAfter, _ending.Token);
            await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (_ending.IsCancellationRequested)
            {
                return;
            }

            // Whatever the shards hold is of the session that is gone, and must go before another takes their locks.
            var lost = Volatile.Read(ref _losses);
            if (lost != losses)
            {
                losses = lost;

                // Whoever has just taken the shards may not have seen it yet.
                _ownsAll = false;
                await Task.WhenAll(Enumerable.Range(0, _engine.Shards).Select(_engine.LoseAsync));
            }

            if (!_ownsAll && _journal.IsConnected && lost == Volatile.Read(ref _losses))
            {
                await TryTakeAllAsync();
            }
        }
    }

    /// <summary>Returns a shard that could not be taken; null where all are this node's.</summary>
    private async Task<int?> TryTakeAllAsync()
    {
        var losses = Volatile.Read(ref _losses);
        var taken = 0;
        for (var shard = 0; shard < _engine.Shards; shard++)
        {
            if (_engine.Owns(shard))
            {
                continue;
            }

            if (!await _journal.TryTakeAsync(shard))
            {
                return shard;
            }

            await _engine.TakeOverAsync(shard);
            taken++;
        }

        _ownsAll = losses == Volatile.Read(ref _losses);
        _events.ShardsChanged(_engine.Shards, taken, 0);
        return null;
    }
}
