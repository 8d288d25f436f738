using System.Runtime.InteropServices;

namespace FraudEngine.Engine;

/// <summary>
/// The requests that a shard has received and not answered when it restarts. Per account the order is that of arrival: batches that failed, the turn's
/// batch, the request that was being handled, what waits in the actor.
/// </summary>
internal sealed class Unanswered
{
    private readonly List<AccountRequest> _requests = [];

    public IReadOnlyList<AccountRequest> Requests => _requests;

    /// <summary>Whether a batch could not be stored.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Batches that were not stored because the shard is another node's, which counts for nobody as a failure.</summary>
    public void AddLost(BatchesInFlight batches) => batches.TakeFailed(_requests);

    public void AddFailed(BatchesInFlight batches)
    {
        HasFailed = batches.TakeFailed(_requests);
        foreach (var request in CollectionsMarshal.AsSpan(_requests))
        {
            request.StoreFailures++;
        }
    }

    public void AddTurn(ShardBatch batch, bool isToBlame)
    {
        foreach (var request in batch.Answers)
        {
            Add(request, isToBlame);
        }
    }

    public void Add(AccountRequest? request, bool isToBlame = false)
    {
        if (request is not null)
        {
            request.Faults += isToBlame ? 1 : 0;
            _requests.Add(request);
        }
    }

    public void AddWaiting(AccountActor actor, bool isToBlame)
    {
        Add(actor.LookingUp);
        while (actor.TryUnstash(out var request))
        {
            Add(request, isToBlame);
        }
    }
}
