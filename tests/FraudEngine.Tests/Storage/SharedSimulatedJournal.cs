using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>
/// One node's journal where several share a store: it commits over a session that holds the locks of shards and that the test can break. A commit takes two steps,
/// so that commits of several nodes overlap and positions become visible out of order.
/// </summary>
internal sealed class SharedSimulatedJournal : SimulatedJournal, ISharedJournal
{
    private const int RowsPerCommitMax = 1 << 12;

    private readonly SimulatedStore _shared;
    private readonly string _node;
    private readonly Queue<(JournalBatch? Batch, Action? Work)> _work = new();
    private readonly Queue<Action> _asked = new();
    private readonly List<JournalBatch> _group = [];
    private long _transaction;
    private long _rows;
    private int _session;

    public SharedSimulatedJournal(SimulatedStore store, string node)
        : base(store)
    {
        _shared = store;
        _node = node;
        _session = store.NextSession++;
    }

    public bool IsConnected => _session > 0;

    public Action? Lost { get; set; }

    public Action? Connected { get; set; }

    public override bool HasCommits => _work.Count > 0 || _group.Count > 0;

    public override bool HasReads => base.HasReads || _asked.Count > 0;

    protected override long Horizon => (_shared.Open.Count > 0 ? _shared.Open.Min : _shared.NextTransaction) * RowsPerCommitMax;

    /// <summary>Nobody else is ever there: the test opens one node after the other.</summary>
    public Task<IAsyncDisposable> LockSettingsAsync() => Task.FromResult<IAsyncDisposable>(new MemoryStream());

    public override void Submit(JournalBatch batch)
    {
        batch.State = BatchState.Submitted;
        _work.Enqueue((batch, null));
    }

    /// <summary>Begins a commit, or ends the one that was begun.</summary>
    public override void CommitGroup(int max)
    {
        if (_group.Count > 0)
        {
            End();
            return;
        }

        while (max-- > 0 && _work.TryPeek(out var next) && (next.Batch is not null || _group.Count == 0))
        {
            _work.Dequeue();
            if (next.Work is not null)
            {
                next.Work();
                return;
            }

            _group.Add(next.Batch!);
        }

        if (_group.Count > 0)
        {
            _transaction = _shared.NextTransaction++;
            _shared.Open.Add(_transaction);
            _rows = 0;
        }
    }

    public override void AnswerOne()
    {
        if (_asked.TryDequeue(out var answer))
        {
            answer();
        }
        else
        {
            base.AnswerOne();
        }
    }

    /// <summary>Ends the session: its locks are gone, and nobody knows whether a commit under way was stored.</summary>
    public void BreakSession(bool isStored)
    {
        if (!IsConnected)
        {
            return;
        }

        var group = _group.ToList();
        _group.Clear();
        if (isStored && group.TrueForAll(batch => Holds(batch.Shard) && !HasFailedBefore(batch)))
        {
            foreach (var batch in group)
            {
                Assert.True(!batch.HasWrites || TryStore(batch), "A batch does not follow what is stored.");
            }
        }

        _shared.Open.Remove(_transaction);
        foreach (var (shard, _) in _shared.Holders.Where(held => held.Value.Session == _session).ToList())
        {
            _shared.Holders.Remove(shard);
        }

        _session = 0;
        LoseLeases();
        Lost?.Invoke();
        foreach (var batch in group)
        {
            Fail(batch, new ShardLostException("simulated: the session is gone"));
        }

        while (_work.TryDequeue(out var next))
        {
            next.Work?.Invoke();
            if (next.Batch is not null)
            {
                Fail(next.Batch, new ShardLostException("simulated: the session is gone"));
            }
        }
    }

    public void Connect()
    {
        if (!IsConnected)
        {
            _session = _shared.NextSession++;
            Connected?.Invoke();
        }
    }

    public Task<bool> TryTakeAsync(int shard) => Enqueue(() =>
    {
        if (!IsConnected || (_shared.Holders.TryGetValue(shard, out var holder) && holder.Session != _session))
        {
            return false;
        }

        _shared.Holders[shard] = new ShardHolder(shard, _node, _session, _session);
        return true;
    });

    public Task ReleaseAsync(int shard) => Enqueue(() => Holds(shard) && _shared.Holders.Remove(shard));

    public Task<IReadOnlyList<ShardHolder>> ReadHoldersAsync() => Task.FromResult<IReadOnlyList<ShardHolder>>([.. _shared.Holders.Values]);

    public Task EvictAsync(ShardHolder holder) => throw new NotSupportedException("The test breaks sessions itself.");

    public Task<EntityRows> ReadEntityRowsAsync(IReadOnlyList<int> shards, long after, int max) => Ask(() =>
    {
        var shardCount = int.Parse(_shared.Settings["shards"], System.Globalization.CultureInfo.InvariantCulture);
        var rows = _shared.ByEntity
            .Select(entity => (Key: Convert.FromHexString(entity.Key), Rows: entity.Value))
            .Where(entity => _shared.IndexedKinds.Contains(EntityKey.KindOf(entity.Key)) && shards.Contains(Hash64.Bucket(Hash64.Of(entity.Key), shardCount)))
            .SelectMany(entity => entity.Rows.Select(row => new NamedRow(entity.Key, new JournalRow(row.Position, row.AccountId, row.Sequence, row.Entry))))
            .Where(named => named.Row.Position > after)
            .OrderBy(named => named.Row.Position)
            .Take(max)
            .ToList();
        return new EntityRows(rows, rows.Count < max ? Horizon : Math.Min(Horizon, rows[^1].Row.Position));
    });

    public Task<long> ReadHorizonAsync() => Ask(() => Horizon);

    public Task<long> ReadRevisionAsync() => Task.FromResult(_shared.Revision);

    public Task RefreshCatalogAsync()
    {
        _shared.RuleSets.ForEach(set => Catalog.Add(set.Set));
        _shared.Models.ForEach(model => Catalog.Add(model.Set));
        return Task.CompletedTask;
    }

    protected override long NextPosition() => (_transaction * RowsPerCommitMax) + _rows++;

    private void End()
    {
        var group = _group.ToList();
        _group.Clear();
        _shared.Open.Remove(_transaction);
        foreach (var batch in group)
        {
            if (!Holds(batch.Shard))
            {
                Fail(batch, new ShardLostException("simulated: not held"));
            }
            else if (HasFailedBefore(batch) || (batch.HasWrites && CommitFails()))
            {
                Fail(batch, new IOException("simulated"));
            }
            else
            {
                // Anything else would be state from before the shard was this node's.
                Assert.True(!batch.HasWrites || TryStore(batch), "A batch does not follow what is stored.");
                Release(batch);
            }
        }
    }

    private bool Holds(int shard) => IsConnected && _shared.Holders.TryGetValue(shard, out var holder) && holder.Session == _session;

    private Task<bool> Enqueue(Func<bool> work)
    {
        var source = new TaskCompletionSource<bool>();
        _work.Enqueue((null, () => source.SetResult(work())));
        return source.Task;
    }

    private Task<T> Ask<T>(Func<T> read)
    {
        // What goes on with it does so at once, on the test's own thread.
        var source = new TaskCompletionSource<T>();
        _asked.Enqueue(() =>
        {
            if (ReadFails())
            {
                source.SetException(new IOException("simulated"));
            }
            else
            {
                source.SetResult(read());
            }
        });
        return source.Task;
    }
}
