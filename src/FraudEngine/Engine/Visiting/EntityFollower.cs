using System.Runtime.InteropServices;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// Tells the entities of this node's shards what all nodes have stored. Visits wait here: for all that wait the journal is read once, and they go on behind what
/// it had. So a visit sees everything that was answered before it was sent, on whatever node.
/// </summary>
/// <param name="plans">The windows that are held now: while no kind has any, nothing is read.</param>
/// <param name="rowsMax">So many rows are read at once; more than two entries can have.</param>
internal sealed class EntityFollower(
    IDispatcher dispatcher, ShardRegion<EngineShard> region, ISharedJournal journal, Func<WindowPlans> plans, TimeProvider clock, int rowsMax)
    : EventLoop<ShardMessage>(dispatcher, MessagesPerTurnMax), IDisposable
{
    private const int MessagesPerTurnMax = 1024;

    /// <summary>Read so often also where nobody visits, so that no visit finds much to read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly List<Visit> _waiting = [];
    private readonly EntityUpdates?[] _byShard = new EntityUpdates?[region.Shards.Length];
    private readonly List<int> _touched = [];
    private readonly ToldRows _told = new();
    private ITimer? _timer;
    private bool _isReading;
    private bool _isDue;
    private volatile bool _isStopped;

    /// <summary>Reads nothing any more; visits that wait go nowhere.</summary>
    public void Dispose()
    {
        _isStopped = true;
        _timer?.Dispose();
    }

    protected override void RunTurn(ReadOnlySpan<ShardMessage> messages)
    {
        foreach (var message in messages)
        {
            switch (message)
            {
                case Visit visit:
                    _waiting.Add(visit);
                    break;
                case HorizonRead read:
                    Take(read);
                    break;
                case RowsRead read:
                    Take(read);
                    break;
                case FollowDue:
                    _isDue = true;
                    break;
            }
        }

        if (!_isReading && !_isStopped)
        {
            Go();
        }
    }

    private void Go()
    {
        if (plans().Visited.IsEmpty)
        {
            // No entity is in memory, and none comes.
            _told.Reset();
            _isDue = false;
            GoOn(_waiting);
            _waiting.Clear();
        }
        else if (!_told.IsFollowing)
        {
            if (_waiting.Count > 0)
            {
                Read(journal.ReadHorizonAsync, static task => new HorizonRead(task));
            }
        }
        else if (_waiting.Count > 0 || _isDue)
        {
            _isDue = false;
            var reading = new Reading([.. OwnShards()], [.. _waiting], _told.Below - 1, IsFirst: true);
            _waiting.Clear();
            Read(reading);
        }
    }

    /// <summary>Whatever is recovered after this horizon was read has what is below it.</summary>
    private void Take(HorizonRead read)
    {
        _isReading = false;
        if (!read.Task.IsCompletedSuccessfully)
        {
            Retry();
            return;
        }

        _timer ??= clock.CreateTimer(static follower => ((EntityFollower)follower!).Tell(FollowDue.Message), this, Interval, Interval);
        _told.Begin(read.Task.Result);
        GoOn(_waiting);
        _waiting.Clear();
    }

    private void Take(RowsRead read)
    {
        _isReading = false;
        var reading = read.Reading;
        if (!read.Task.IsCompletedSuccessfully)
        {
            _waiting.InsertRange(0, reading.Visits);
            _told.LeaveOut();
            Retry();
            return;
        }

        var rows = read.Task.Result;

        // What was stored for a shard that came after the reading began was not asked for.
        var isWhole = OwnShards().All(reading.Shards.Contains);
        var isLast = rows.Rows.Count < rowsMax;
        if (isWhole)
        {
            _told.Advance(rows.Horizon, isLast ? long.MaxValue : rows.Rows[^1].Row.Position - 1, reading.IsFirst);
        }
        else
        {
            _told.LeaveOut();
        }

        Tell(rows.Rows);
        _told.Forget();
        if (isLast || _isStopped)
        {
            GoOn(reading.Visits);
        }
        else
        {
            // The last one's entry may name more entities than were read; what was told of it already is not told again.
            var next = reading with { Visits = [.. reading.Visits, .. _waiting], After = rows.Rows[^1].Row.Position - 1, IsFirst = false };
            _waiting.Clear();
            Read(next);
        }
    }

    private void Tell(IReadOnlyList<NamedRow> rows)
    {
        foreach (var named in rows)
        {
            if (!_told.TryTell(named.Row.Position, EntityKey.KindOf(named.Key)))
            {
                continue;
            }

            var shard = ShardRegion<EngineShard>.IndexOf(Hash64.Of(named.Key), _byShard.Length);
            var updates = _byShard[shard];
            if (updates is null)
            {
                _byShard[shard] = updates = EntityUpdates.Take();
                _touched.Add(shard);
            }

            updates.Add(named.Key, named.Row.AccountId, named.Row.Bytes, named.Row.Position);
        }

        foreach (var shard in _touched)
        {
            _byShard[shard]!.Settled = _told.Below;
            region.Shards[shard].Tell(_byShard[shard]!);
            _byShard[shard] = null;
        }

        _touched.Clear();
    }

    /// <summary>Visits go on to their entities, behind what was told; those of shards that are not this node's any more are passed on from there.</summary>
    private void GoOn(List<Visit> visits)
    {
        foreach (var visit in CollectionsMarshal.AsSpan(visits))
        {
            region.ShardOf(Hash64.Of(visit.Key)).Tell(visit);
        }
    }

    private IEnumerable<int> OwnShards()
    {
        for (var shard = 0; shard < region.Shards.Length; shard++)
        {
            if (region.Shards[shard].IsOwned)
            {
                yield return shard;
            }
        }
    }

    private void Read(Reading reading)
    {
        if (reading.Shards.Count == 0)
        {
            // The visits were for shards that have gone, and with them all entities.
            _told.Reset();
            GoOn(reading.Visits);
            return;
        }

        Read(() => journal.ReadEntityRowsAsync(reading.Shards, reading.After, rowsMax), task => new RowsRead(reading, task));
    }

    private void Read<T>(Func<Task<T>> read, Func<Task<T>, ShardMessage> taken)
    {
        _isReading = true;
        try
        {
            _ = read().ContinueWith(task => Tell(taken(task)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception reason) when (reason is IOException or ObjectDisposedException)
        {
            Tell(taken(Task.FromException<T>(reason)));
        }
    }

    private void Retry()
    {
        if (!_isStopped)
        {
            _timer ??= clock.CreateTimer(static follower => ((EntityFollower)follower!).Tell(FollowDue.Message), this, Interval, Interval);
            _timer.Change(RetryAfter, Interval);
        }
    }

    /// <param name="Shards">This node's when it began.</param>
    /// <param name="Visits">They wait for it.</param>
    /// <param name="IsFirst">Whether it is not the continuation of one that gave as much as it may.</param>
    private sealed record Reading(IReadOnlyList<int> Shards, List<Visit> Visits, long After, bool IsFirst);

    private sealed class RowsRead(Reading reading, Task<EntityRows> task) : ShardMessage
    {
        public Reading Reading { get; } = reading;

        public Task<EntityRows> Task { get; } = task;
    }

    private sealed class HorizonRead(Task<long> task) : ShardMessage
    {
        public Task<long> Task { get; } = task;
    }

    private sealed class FollowDue : ShardMessage
    {
        public static FollowDue Message { get; } = new();
    }
}
