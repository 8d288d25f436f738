using System.Runtime.InteropServices;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine;

/// <summary>
/// How a shard comes to this node and goes to another. While it is away, what comes for it is passed on, in order. When it comes, requests that were passed on
/// before are answered first, wherever that is; those that come meanwhile are held, so that no account's requests overtake each other.
/// </summary>
internal sealed partial class EngineShard
{
    /// <summary>So many bytes of snapshots are stored when a shard goes; other accounts are replayed from their last.</summary>
    private const int LastSnapshotBytesMax = 8 << 20;

    /// <summary>To be forwarded at the end of the turn or, while the last batch is with the journal, behind what of it turns out not to be stored.</summary>
    private readonly List<AccountRequest> _passingOn = [];
    private readonly List<AccountRequest> _held = [];
    private readonly List<ShardTask> _leaving = [];
    private TakeOver? _arriving;
    private volatile bool _isOwned;
    private volatile int _tenure;
    private int _tenures;
    private volatile bool _isHolding;
    private volatile bool _isStopped;

    /// <summary>Whether requests are handled as they come: the shard is this node's, and none is held.</summary>
    private bool _isHandling;

    /// <summary>Requests that were forwarded and are not answered.</summary>
    private int _abroad;

    /// <summary>Whether the shard is this node's. From any thread.</summary>
    public bool IsOwned => _isOwned;

    /// <summary>Counts how often this node has taken the shard; 0 while it is not this node's. From any thread.</summary>
    public int Tenure => _tenure;

    /// <summary>Some requests that were forwarded are answered. From any thread.</summary>
    public void CountAnswered(int requests)
    {
        if (Interlocked.Add(ref _abroad, -requests) == 0 && _isHolding)
        {
            Tell(ForwardedAnswered.Message);
        }
    }

    /// <summary>Hands nothing to the journal any more: it is closed. From any thread.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Deals with a request that is not handled at once.</summary>
    private void PassOn(AccountRequest request)
    {
        if (!_isOwned)
        {
            SendAway(request);
        }
        else if (request.Forwarded is not null)
        {
            // It was sent here by another node, or is one of those that the others wait for.
            Receive(request);
        }
        else
        {
            _held.Add(request);
        }
    }

    private void PassOn(Visit visit)
    {
        if (visit is RemoteVisit)
        {
            visit.Return(VisitAnswer.Away);
        }
        else if (_node.Remote is { } remote)
        {
            remote.Send(Index, visit);
        }
        else
        {
            visit.Return(VisitAnswer.Unreadable);
        }
    }

    private void Arrive(TakeOver task)
    {
        if (_isOwned)
        {
            task.Complete();
            return;
        }

        if (_leaving.Count > 0)
        {
            // What the journal still has of the time before must be known first.
            _arriving = task;
            return;
        }

        // Whatever has to do with an earlier ownership is of another incarnation.
        _incarnation++;
        _turn.Begin(_inFlight.Take(Index, _incarnation));
        _held.AddRange(_passingOn);
        _passingOn.Clear();
        _isHolding = true;
        _tenure = ++_tenures;
        _isOwned = true;
        task.Complete();
        Interlocked.MemoryBarrier();
        EndHolding();
    }

    /// <summary>Goes on with what was held, where everything that was forwarded before is answered.</summary>
    private void EndHolding()
    {
        if (_isHolding && Volatile.Read(ref _abroad) == 0)
        {
            _isHolding = false;
            _isHandling = true;
            ReceiveFirst(_held);
            _held.Clear();
        }
    }

    private void Leave(HandOver task)
    {
        if (!_isOwned)
        {
            _leaving.Add(task);
            if (_leaving.Count == 1)
            {
                Left();
            }

            return;
        }

        _leaving.Add(task);
        var unanswered = new Unanswered();
        if (task.IsLost)
        {
            unanswered.AddTurn(_turn.Batch, isToBlame: false);
            _turn.Begin(_inFlight.Take(Index, _incarnation));
        }
        else
        {
            _turn.AddSnapshots();
            AddLastSnapshots();
        }

        Clear(unanswered);
        SendAway(unanswered);

        // When it is out, or has failed, so is everything before it.
        var last = _turn.Batch;
        last.LastOf = this;
        _turn.Begin(_inFlight.Take(Index, _incarnation));
        _inFlight.Submitted(last);
        _journal.Submit(last);
    }

    /// <summary>A batch could not be stored, because the shard is this node's no longer or goes.</summary>
    private void Lose()
    {
        var unanswered = new Unanswered();
        unanswered.AddLost(_inFlight);
        if (_isOwned)
        {
            unanswered.AddTurn(_turn.Batch, isToBlame: false);
            _turn.Begin(_inFlight.Take(Index, _incarnation));
            Clear(unanswered);
            SendAway(unanswered);
        }
        else
        {
            // Before what came later.
            var later = _passingOn.ToArray();
            _passingOn.Clear();
            SendAway(unanswered);
            _passingOn.AddRange(later);
        }

        Left();
    }

    /// <summary>Nothing of the shard is with the journal any more.</summary>
    private void Left()
    {
        _leaving.ForEach(static task => task.Complete());
        _leaving.Clear();
        if (_arriving is { } task)
        {
            _arriving = null;
            Arrive(task);
        }
    }

    /// <summary>Forgets everything, and adds the requests that wait to those that are unanswered.</summary>
    private void Clear(Unanswered unanswered)
    {
        foreach (var actor in _accounts.All)
        {
            unanswered.AddWaiting(actor, isToBlame: false);
            actor.State = null;
        }

        foreach (var request in _held)
        {
            unanswered.Add(request);
        }

        _held.Clear();
        _isOwned = false;
        _tenure = 0;
        _isHandling = false;
        _isHolding = false;
        _fill?.Task.Complete();
        _fill = null;
        _accounts.Clear();
        _visits.Restart();
        foreach (var visit in _entities.Leave())
        {
            PassOn(visit);
        }

        _memory.Clear();
        Counters.ResidentAccounts = 0;
        Counters.ResidentEntities = 0;
        Counters.HistoryBytes = 0;
    }

    private void AddLastSnapshots()
    {
        var bytes = 0;
        foreach (var actor in _accounts.All.Where(actor => actor.State is not null && actor.SinceSnapshot >= _settings.SnapshotOnPassivationMin))
        {
            if (bytes < LastSnapshotBytesMax)
            {
                bytes += _turn.AddSnapshot(actor);
            }
        }

        _entities.AddLastSnapshots(LastSnapshotBytesMax - bytes);
    }

    private void SendAway(Unanswered unanswered)
    {
        foreach (var request in unanswered.Requests)
        {
            SendAway(request);
        }
    }

    private void SendAway(AccountRequest request)
    {
        request.PrepareToRedo();
        if (request.Forwarded is { } batch)
        {
            batch.Bounce(request);
        }
        else
        {
            _passingOn.Add(request);
        }
    }

    /// <summary>Forwards what has come, unless something before it may still turn out not to be stored.</summary>
    private void Forward()
    {
        if (_passingOn.Count == 0 || _leaving.Count > 0 || _isStopped)
        {
            return;
        }

        Interlocked.Add(ref _abroad, _passingOn.Count);
        var requests = CollectionsMarshal.AsSpan(_passingOn);
        if (_node.Remote is { } remote)
        {
            remote.Forward(Index, requests);
        }
        else
        {
            foreach (var request in requests)
            {
                request.RefuseAsUnavailable();
                Counters.CountRefused(Domain.Refusal.Unavailable);
            }

            _node.Complete(requests);
        }

        _passingOn.Clear();
    }
}
