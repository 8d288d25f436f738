using System.Collections.Concurrent;
using FraudEngine.Engine;
using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>Does what <see cref="OwnershipPlan"/> decides: looks twice a second, and whenever something has changed.</summary>
internal sealed class OwnershipLoop : IAsyncDisposable
{
    private const int StepsAtOnceMax = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ShardStanding[] _standing;

    // By shard, how many sessions had been lost when it was taken.
    private readonly int[] _takenIn;
    private readonly OwnershipPlan _plan;
    private readonly DecisionEngine _engine;
    private readonly IShardLocks _locks;
    private readonly Func<ShardStanding[], IReadOnlyList<ShardHolder>?, OwnershipSight> _look;
    private readonly Action _changed;
    private readonly IClusterEvents _events;
    private readonly Func<TimeSpan> _now;
    private readonly Signal _signal = new();
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _steps = new(StepsAtOnceMax);
    private readonly Task _running;
    private readonly List<Task> _under = [];
    private readonly ConcurrentDictionary<(int Session, long Since), bool> _evicting = new();
    private int _isLost;
    private int _sessions;
    private int _taken;
    private int _given;

    /// <param name="look">What there is to see, with how the shards stand, and who holds what where that was asked.</param>
    /// <param name="changed">Called when the node owns more or less than before, so that the others hear of it at once.</param>
    public OwnershipLoop(
        int shards, OwnershipPlan plan, DecisionEngine engine, IShardLocks locks, TimeProvider clock, Func<TimeSpan> now,
        Func<ShardStanding[], IReadOnlyList<ShardHolder>?, OwnershipSight> look, Action changed, IClusterEvents events)
    {
        _standing = new ShardStanding[shards];
        _takenIn = new int[shards];
        _plan = plan;
        _engine = engine;
        _locks = locks;
        _look = look;
        _changed = changed;
        _events = events;
        _now = now;
        _timer = clock.CreateTimer(_ => Wake(), null, Interval, Interval);
        _running = RunAsync();
    }

    /// <summary>How many shards are owned or on their way.</summary>
    public int Held => _standing.Count(static standing => standing != ShardStanding.None);

    /// <summary>Whether the shard's lock is held and the engine has had it: it is nobody else's yet.</summary>
    public bool Claims(int shard) => _standing[shard] is ShardStanding.Owned or ShardStanding.HandingOver;

    /// <summary>Looks at once.</summary>
    public void Wake() => _signal.Set();

    /// <summary>The session that held the locks is gone.</summary>
    public void Lost()
    {
        Interlocked.Increment(ref _sessions);
        Interlocked.Exchange(ref _isLost, 1);
        Wake();
    }

    /// <summary>Ends without handing anything over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _signal.End();
        await _running;
        await Task.WhenAll(_under);
        _steps.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _signal.WaitAsync())
        {
            _under.RemoveAll(static step => step.IsCompleted);
            if (Interlocked.Exchange(ref _isLost, 0) == 1)
            {
                await LoseAllAsync();
            }

            DropUnowned();
            foreach (var action in _plan.Decide(await LookAsync(), _now()))
            {
                if (action is { Step: ShardStep.Evict, Holder: { } holder })
                {
                    _under.Add(EvictAsync(holder));
                }
                else
                {
                    _standing[action.Shard] = action.Step == ShardStep.Take ? ShardStanding.Taking : ShardStanding.HandingOver;
                    _under.Add(StepAsync(action));
                }
            }
        }
    }

    private async Task<OwnershipSight> LookAsync()
    {
        var sight = _look(_standing, null);
        if (_plan.MustKnowHolders(sight))
        {
            try
            {
                sight = _look(_standing, await _locks.ReadHoldersAsync());
            }
            catch (Exception reason) when (IsOfDatabase(reason))
            {
                // It is seen again in half a second.
            }
        }

        return sight;
    }

    /// <summary>What the engine gave up by itself, as its commits failed, is taken again, and so is what was settled just when its session was lost.</summary>
    private void DropUnowned()
    {
        for (var shard = 0; shard < _standing.Length; shard++)
        {
            if (_standing[shard] == ShardStanding.Owned && (!_engine.Owns(shard) || _takenIn[shard] != Volatile.Read(ref _sessions)))
            {
                _standing[shard] = ShardStanding.GivingUp;
                _under.Add(ReleaseLostAsync(shard));
            }
        }
    }

    private async Task LoseAllAsync()
    {
        _events.DatabaseLost();
        _changed();

        // What is being taken just now sees by itself that its session is gone.
        await Task.WhenAll(Enumerable.Range(0, _standing.Length).Where(shard => _standing[shard] == ShardStanding.Owned).ToArray().Select(async shard =>
        {
            _standing[shard] = ShardStanding.GivingUp;
            await _engine.LoseAsync(shard);
            Settle(shard, ShardStanding.None);
        }));
    }

    private async Task StepAsync(ShardAction action)
    {
        await _steps.WaitAsync();
        var standing = ShardStanding.None;
        try
        {
            if (action.Step == ShardStep.Take)
            {
                standing = await TakeAsync(action.Shard) ? ShardStanding.Owned : ShardStanding.None;
            }
            else
            {
                await _engine.HandOverAsync(action.Shard);
                await _locks.ReleaseAsync(action.Shard);
            }
        }
        catch (Exception reason) when (IsOfDatabase(reason))
        {
            // The session is gone, and with it the lock; if it is not, the next look finds it.
            standing = _engine.Owns(action.Shard) ? ShardStanding.Owned : ShardStanding.None;
        }
        finally
        {
            _steps.Release();
        }

        Settle(action.Shard, standing, isStep: action.Step == ShardStep.HandOver || standing == ShardStanding.Owned);
    }

    private async Task<bool> TakeAsync(int shard)
    {
        var session = _takenIn[shard] = Volatile.Read(ref _sessions);
        if (!await _locks.TryTakeAsync(shard))
        {
            return false;
        }

        await _engine.TakeOverAsync(shard);
        if (session == Volatile.Read(ref _sessions))
        {
            return true;
        }

        await _engine.LoseAsync(shard);
        return false;
    }

    private async Task ReleaseLostAsync(int shard)
    {
        try
        {
            await _engine.LoseAsync(shard);
            await _locks.ReleaseAsync(shard);
        }
        catch (Exception reason) when (IsOfDatabase(reason))
        {
            // Then the lock is gone anyway.
        }

        Settle(shard, ShardStanding.None);
    }

    private async Task EvictAsync(ShardHolder holder)
    {
        if (!_evicting.TryAdd((holder.Session, holder.SinceTicks), true))
        {
            return;
        }

        try
        {
            await _locks.EvictAsync(holder);
            _events.HolderEvicted(holder.Node, holder.Shard);
            Wake();
        }
        catch (Exception reason) when (IsOfDatabase(reason))
        {
            // It is tried again while it holds the shard.
        }
        finally
        {
            _evicting.TryRemove((holder.Session, holder.SinceTicks), out _);
        }
    }

    private void Settle(int shard, ShardStanding standing, bool isStep = true)
    {
        _standing[shard] = standing;
        if (isStep)
        {
            Interlocked.Increment(ref standing == ShardStanding.Owned ? ref _taken : ref _given);
            Report();
            _changed();
        }

        // A take that failed is tried again at the next interval, not at once.
        if (isStep)
        {
            Wake();
        }
    }

    /// <summary>Says what has changed once nothing more is on its way.</summary>
    private void Report()
    {
        if (Array.TrueForAll(_standing, static one => one is ShardStanding.None or ShardStanding.Owned))
        {
            var (taken, given) = (Interlocked.Exchange(ref _taken, 0), Interlocked.Exchange(ref _given, 0));
            if (taken + given > 0)
            {
                _events.ShardsChanged(_standing.Count(static one => one == ShardStanding.Owned), taken, given);
            }
        }
    }

    /// <summary>What the port throws where the database is away.</summary>
    private static bool IsOfDatabase(Exception reason) => reason is IOException or TimeoutException or OperationCanceledException or ObjectDisposedException or System.Data.Common.DbException;
}
