using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;
using FraudEngine.Storage;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Engine;

/// <summary>
/// The actors of one shard: accounts, and the entities that transactions visit. A turn decides what has arrived, hands the events to the journal as one batch and goes on; the batch's answers are
/// released when it is durable. Where the journal must be asked (an account not resident, an id perhaps seen) only that account waits.
/// </summary>
internal sealed partial class EngineShard : Shard<ShardMessage>
{
    private readonly EngineSettings _settings;
    private readonly IJournal _journal;
    private readonly DecisionEngine _node;
    private readonly IEngineEvents _events;
    private readonly EntityTable<AccountActor> _accounts;
    private readonly Foresight _foresight;
    private readonly HistoryArena _memory = new();
    private readonly BatchesInFlight _inFlight = new();
    private readonly AccountTurn _turn;
    private readonly VisitDesk _visits;
    private readonly ShardEntities _entities;
    private readonly int _residentMax;
    private WindowFill? _fill;
    private int _incarnation;

    /// <param name="idHashSeed">Seeds the hashes of ids, so that no sender can make them collide.</param>
    /// <param name="node">What it is a shard of: knows the way to other nodes, and to entities.</param>
    /// <param name="isOwned">Whether it is this node's from the start.</param>
    public EngineShard(
        int index, IDispatcher dispatcher, EngineSettings settings, IJournal journal, RulesInForce rules, ulong idHashSeed, IEngineEvents events,
        TimeProvider clock, DecisionEngine node, bool isOwned)
        : base(index, dispatcher, settings.TurnMessagesMax)
    {
        _settings = settings;
        _journal = journal;
        _node = node;
        _isOwned = _isHandling = isOwned;
        _tenure = _tenures = isOwned ? 1 : 0;
        _events = events;
        _accounts = new EntityTable<AccountActor>(id => (int)Hash64.Of(id, idHashSeed));
        _foresight = new Foresight(_accounts, idHashSeed);
        _residentMax = Math.Max(1, settings.ResidentAccountsMax / settings.Shards);
        _visits = new VisitDesk(
            this, rules, node.Send, new VisitDeadlines(clock, settings.EntityTimeout, () => Tell(VisitsDue.Message)), Counters);
        _turn = new AccountTurn(settings, rules, _memory, idHashSeed, Counters, _inFlight.Take(index, _incarnation), _visits);
        _entities = new ShardEntities(settings, rules.Plans, _memory, idHashSeed, _turn, Counters, isShared: journal is ISharedJournal);
    }

    public EngineCounters Counters { get; } = new();

    protected override void Foresee(ReadOnlySpan<ShardMessage> messages) => _foresight.Read(messages);

    protected override void Receive(ShardMessage message)
    {
        switch (message)
        {
            case AccountRequest { Forwarded: { } batch } request when batch.Tenure != _tenure:
                // It stands behind others that were given back when the shard went, and must not overtake them now that it has come again.
                SendAway(request);
                break;
            case AccountRequest request when _isHandling:
                Receive(request);
                break;
            case AccountRequest request:
                PassOn(request);
                break;
            case Visit { Answer: VisitAnswer.None } visit when _isOwned:
                _entities.Receive(visit);
                break;
            case Visit { Answer: VisitAnswer.None } visit:
                PassOn(visit);
                break;
            case Visit visit:
                GoOn(_visits.Take(visit));
                break;
            case EntityUpdates updates:
                _entities.Receive(updates);
                break;
            case VisitsDue:
                while (_visits.GiveUpOverdue() is { } actor)
                {
                    GoOn(actor);
                }

                break;
            case ReadsAnswered answered when answered.Reads.Incarnation == _incarnation:
                Receive(answered.Reads);
                break;
            case BatchFailed failed when _inFlight.Contains(failed.Batch):
                if (_isOwned && failed.Reason is not ShardLostException)
                {
                    RestartNow(failed.Reason);
                }
                else
                {
                    Lose();
                }

                break;
            case FillWindows task:
                _turn.KeepFor(task.Plan);
                _entities.Keep(task.Plans);
                _fill = new WindowFill(task, _turn, _accounts.All);
                break;
            case TakeOver task:
                Arrive(task);
                break;
            case HandOver task:
                Leave(task);
                break;
            case ShardLeft:
                Left();
                break;
            case ForwardedAnswered:
                EndHolding();
                break;
            case PutInForce task:
                _turn.PutInForce(task.Rules);
                task.Complete();
                break;
        }
    }

    protected override void EndTurn()
    {
        FillWindows();
        if (!_isOwned)
        {
            Forward();
            return;
        }

        _turn.AddSnapshots();
        Passivate();
        _entities.AddSnapshots();
        _entities.Passivate();
        Counters.ResidentAccounts = _accounts.Count;
        Counters.HistoryBytes = _memory.Taken;
        if (!_turn.Batch.IsEmpty && !_isStopped)
        {
            var batch = _turn.Batch;
            _turn.Begin(_inFlight.Take(Index, _incarnation));
            _inFlight.Submitted(batch);
            _journal.Submit(batch);
        }
    }

    protected override bool Restart(Exception fault, ShardMessage? culprit, Queue<ShardMessage> redo)
    {
        _events.ShardRestarted(Index, fault);
        Counters.Restarts++;

        // A request that waited in its actor faults while something else is received: it is the culprit all the same.
        var waited = ReferenceEquals(_turn.Handling, culprit) ? null : _turn.Handling;
        var unanswered = new Unanswered();
        unanswered.AddFailed(_inFlight);
        unanswered.AddTurn(_turn.Batch, isToBlame: culprit is null && waited is null && !unanswered.HasFailed);
        unanswered.Add(waited);
        foreach (var actor in _accounts.All)
        {
            unanswered.AddWaiting(actor, isToBlame: actor == _turn.Recovering);
            actor.State = null;
        }

        // Whoever comes back does so under the new plan.
        _fill?.Task.Complete();
        _fill = null;
        _incarnation++;
        _accounts.Clear();
        _turn.Begin(_inFlight.Take(Index, _incarnation));
        foreach (var request in unanswered.Requests)
        {
            if (ReferenceEquals(request, waited) ? MayRedoCulprit(request, fault) : MayRedo(request))
            {
                redo.Enqueue(request);
            }
        }

        _visits.Restart();
        _entities.Restart(culprit, redo);
        _memory.Clear();

        // Whoever waits for it is told; done again it would fault again.
        (culprit as ShardTask)?.Fail(fault);
        return culprit is AccountRequest received && MayRedoCulprit(received, fault);
    }

    private void Receive(AccountRequest request)
    {
        var actor = _accounts.Find(request.AccountId) ?? Activate(request.AccountId);
        if (request is TransactionEnvelope envelope)
        {
            // At once, whatever the account waits for itself.
            _visits.Send(envelope, actor);
        }

        if (actor.IsIdle && _visits.IsComplete(request))
        {
            _turn.Handle(actor, request);
            Forget(actor);
        }
        else
        {
            actor.Stash(request);
        }
    }

    /// <summary>Goes on with an account whose oldest transaction may be complete now.</summary>
    private void GoOn(AccountActor? actor)
    {
        if (actor is not null)
        {
            _turn.Unstash(actor);
            Forget(actor);
        }
    }

    /// <summary>Somebody asked for an account that does not exist: it is not worth remembering.</summary>
    private void Forget(AccountActor actor)
    {
        if (actor is { State.Sequence: 0, IsIdle: true })
        {
            Remove(actor);
        }
    }

    private AccountActor Activate(ReadOnlySpan<byte> id)
    {
        var actor = new AccountActor(id.ToArray());
        _accounts.Add(actor);
        _turn.AskFor(actor);
        return actor;
    }

    private void Receive(JournalReads reads)
    {
        foreach (var recovery in reads.Recoveries)
        {
            if (_fill is not null && _fill.TryTake(recovery, out var unread))
            {
                GiveUp(unread);
            }
            else if (_accounts.Find(recovery.Account.Id) is { State: null } actor)
            {
                Receive(actor, recovery);
            }
        }

        foreach (var lookup in reads.Lookups)
        {
            if (_accounts.Find(lookup.Account.Id) is { LookingUp: { } waiting } actor)
            {
                _turn.Resolve(actor, waiting, lookup);
                Forget(actor);
            }
        }

        foreach (var recovery in reads.Entities)
        {
            if (_entities.Receive(recovery) is { } failure)
            {
                _events.RecoveryFailed(Index, failure);
            }
        }
    }

    private void Receive(AccountActor actor, Recovery recovery)
    {
        if (_turn.Recover(actor, recovery) is { } failure)
        {
            _events.RecoveryFailed(Index, failure);
            while (actor.TryUnstash(out var request))
            {
                _turn.RefuseAsUnavailable(request);
            }

            _accounts.Remove(actor);
        }
        else
        {
            Forget(actor);
        }
    }

    /// <summary>An account whose windows can't be filled leaves memory, so that its next request finds out why; one that is waited for is tried again.</summary>
    private void GiveUp(AccountActor? unread)
    {
        if (unread is { IsIdle: true })
        {
            if (unread.IsSnapshotDue)
            {
                _turn.AddSnapshot(unread);
            }

            Remove(unread);
        }
        else if (unread is not null)
        {
            _fill!.Again(unread);
        }
    }

    private void Remove(AccountActor actor)
    {
        _accounts.Remove(actor);
        actor.Replace(null);
    }

    private void FillWindows()
    {
        if (_fill is null)
        {
            return;
        }

        _fill.Continue();
        _entities.Fill();
        if (_fill.IsDone && _entities.IsFilled)
        {
            _fill.Task.Complete();
            _fill = null;
        }
        else if (_fill.CanContinue || _entities.CanFill)
        {
            Tell(ContinueFilling.Message);
        }
    }

    private void Passivate()
    {
        for (var left = _accounts.Count; _accounts.Count > _residentMax && left > 0 && _accounts.FindUnused() is { } actor; left--)
        {
            if (!actor.IsIdle)
            {
                _accounts.PassOver(actor);
                continue;
            }

            if (actor.SinceSnapshot >= _settings.SnapshotOnPassivationMin)
            {
                _turn.AddSnapshot(actor);
            }

            Remove(actor);
            Counters.Passivations++;
        }
    }

    /// <summary>Makes a request ready to be received again; refuses it where it has failed too often.</summary>
    private bool MayRedo(AccountRequest request)
    {
        if (!request.HasFailedTooOften)
        {
            request.PrepareToRedo();
            return true;
        }

        _turn.RefuseAsUnavailable(request);
        return false;
    }

    private bool MayRedoCulprit(AccountRequest request, Exception fault)
    {
        request.Faults++;
        if (request is TransactionEnvelope envelope && request.Faults >= AccountRequest.FaultsMax)
        {
            _turn.RefuseAsPoison(envelope, fault);
            _events.TransactionPoisoned(Index, fault);
            return false;
        }

        return MayRedo(request);
    }
}
