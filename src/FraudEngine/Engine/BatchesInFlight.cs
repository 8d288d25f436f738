using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>The batches of one shard that are with the journal, oldest first, and those that can be filled again. Called only from the turn loop.</summary>
internal sealed class BatchesInFlight
{
    private readonly Queue<ShardBatch> _submitted = new();
    private readonly Stack<ShardBatch> _free = new();

    /// <summary>An empty batch.</summary>
    public ShardBatch Take(int shard, int incarnation)
    {
        while (_submitted.TryPeek(out var oldest) && oldest.IsReleased)
        {
            _submitted.Dequeue();
            oldest.Clear();
            _free.Push(oldest);
        }

        if (!_free.TryPop(out var batch))
        {
            batch = new ShardBatch();
        }

        batch.Shard = shard;
        batch.Incarnation = incarnation;
        return batch;
    }

    public void Submitted(ShardBatch batch) => _submitted.Enqueue(batch);

    public bool Contains(ShardBatch batch) => _submitted.Contains(batch);

    /// <summary>
    /// Takes out the batches that have failed, and those behind them that therefore will, and adds their requests in order.
    /// Returns whether there were any. They are not filled again: the journal may still hold them.
    /// </summary>
    public bool TakeFailed(List<AccountRequest> requests)
    {
        var failedIncarnation = -1;
        for (var left = _submitted.Count; left > 0; left--)
        {
            var batch = _submitted.Dequeue();
            if (batch.State == BatchState.Failed)
            {
                failedIncarnation = batch.Incarnation;
            }

            if (batch.Incarnation <= failedIncarnation)
            {
                requests.AddRange(batch.Answers);
            }
            else
            {
                _submitted.Enqueue(batch);
            }
        }

        return failedIncarnation >= 0;
    }
}
