using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>
/// The accounts of one shard. A turn decides what has arrived, hands the events to the journal as one batch and goes on; the batch's answers are
/// released when it is durable. Where the journal must be asked (an account not resident, an id perhaps seen) only that account waits.
/// </summary>
internal sealed class AccountShard : Shard<AccountMessage>
{
    private const int FaultsMax = 2;

    private readonly EngineSettings _settings;
    private readonly IJournal _journal;
    private readonly IEngineEvents _events;
    private readonly RuleSet _rules;
    private readonly AccountMachine _machine;
    private readonly AccountRecovery _recovery;
    private readonly EntityTable<AccountActor> _accounts = new(static id => (int)Hash64.Of(id));
    private readonly BatchesInFlight _inFlight = new();
    private readonly List<AccountActor> _snapshotsDue = [];
    private readonly TransactionDecided _found = new() { Transaction = new Transaction(), Decision = new Decision() };
    private readonly int _residentMax;
    private ShardBatch _batch;
    private AccountActor? _recovering;
    private AccountRequest? _handling;
    private int _incarnation;

    public AccountShard(int index, IDispatcher dispatcher, EngineSettings settings, IJournal journal, RuleSet rules, int ruleSetNumber, IEngineEvents events)
        : base(index, dispatcher, settings.TurnMessagesMax)
    {
        _settings = settings;
        _journal = journal;
        _events = events;
        _rules = rules;
        _machine = new AccountMachine(rules, ruleSetNumber);
        _recovery = new AccountRecovery(rules.Windows);
        _residentMax = Math.Max(1, settings.ResidentAccountsMax / settings.Shards);
        _batch = _inFlight.Take(index, _incarnation);
    }

    public EngineCounters Counters { get; } = new();

    protected override void Receive(AccountMessage message)
    {
        switch (message)
        {
            case AccountRequest request:
                Receive(request);
                break;
            case ReadsAnswered answered when answered.Reads.Incarnation == _incarnation:
                Receive(answered.Reads);
                break;
            case BatchFailed failed when _inFlight.Contains(failed.Batch):
                RestartNow(failed.Reason);
                break;
        }
    }

    protected override void EndTurn()
    {
        foreach (var actor in _snapshotsDue)
        {
            AddSnapshot(actor);
        }

        _snapshotsDue.Clear();
        Passivate();
        Counters.ResidentAccounts = _accounts.Count;
        if (!_batch.IsEmpty)
        {
            var batch = _batch;
            _batch = _inFlight.Take(Index, _incarnation);
            _inFlight.Submitted(batch);
            _journal.Submit(batch);
        }
    }

    protected override bool Restart(Exception fault, AccountMessage? culprit, Queue<AccountMessage> redo)
    {
        _events.ShardRestarted(Index, fault);
        Counters.Restarts++;
        _incarnation++;

        // A request that waited in its actor faults while something else is received: it is the culprit all the same.
        var waited = ReferenceEquals(_handling, culprit) ? null : _handling;
        _handling = null;

        // Per account the order is: batches that failed, this turn's batch, what waits in the actor, what is still to be received.
        var unanswered = new List<AccountRequest>();
        var storeFailed = _inFlight.TakeFailed(unanswered);
        var failedCount = unanswered.Count;
        var blameTurn = culprit is null && waited is null && !storeFailed;
        unanswered.AddRange(_batch.Answers);
        var turnEnd = unanswered.Count;
        if (waited is not null)
        {
            unanswered.Add(waited);
        }

        foreach (var actor in _accounts.All)
        {
            CollectWaiting(actor, isToBlame: actor == _recovering, unanswered);
        }

        _recovering = null;
        _accounts.Clear();
        _snapshotsDue.Clear();
        _batch = _inFlight.Take(Index, _incarnation);
        for (var i = 0; i < unanswered.Count; i++)
        {
            var request = unanswered[i];
            request.Faults += blameTurn && i < turnEnd ? 1 : 0;
            if (i < failedCount && request is TransactionEnvelope envelope)
            {
                envelope.StoreFailures++;
            }

            if (ReferenceEquals(request, waited) ? RedoCulprit(request, fault) : MayRedo(request))
            {
                redo.Enqueue(request);
            }
        }

        return culprit is AccountRequest received && RedoCulprit(received, fault);
    }

    private void Receive(AccountRequest request)
    {
        var actor = _accounts.Find(request.AccountId) ?? Activate(request.AccountId);
        if (actor.IsReady)
        {
            Handle(actor, request);
        }
        else
        {
            actor.Stash(request);
        }
    }

    private AccountActor Activate(ReadOnlySpan<byte> id)
    {
        var actor = new AccountActor(id.ToArray());
        _accounts.Add(actor);
        Reads().Recoveries.Add(new Recovery(actor.Account));
        Counters.Recoveries++;
        return actor;
    }

    private JournalReads Reads() => _batch.Reads ??= new JournalReads { Shard = Index, Incarnation = _incarnation };

    private void Handle(AccountActor actor, AccountRequest request)
    {
        _handling = request;
        switch (request)
        {
            case TransactionEnvelope envelope:
                Handle(actor, envelope, AccountMachine.Check(actor.State!, envelope.Transaction));
                break;
            case AccountQuery query:
                var state = actor.State!;
                if (state.Sequence > 0)
                {
                    var asOf = query.AsOfTicks ?? state.History.NewestTicks;
                    query.View = new AccountView(state.Sequence, asOf, state.History.NewestTicks, WindowReading.Of(_machine.ReadWindows(state, asOf)));
                }

                _batch.Answers.Add(query);
                break;
        }

        _handling = null;
    }

    private void Handle(AccountActor actor, TransactionEnvelope envelope, Admissibility admissibility)
    {
        switch (admissibility)
        {
            case Admissibility.Admissible:
                Decide(actor, envelope);
                break;
            case Admissibility.TooLate:
                Refuse(envelope, Refusal.TooLate);
                break;
            case Admissibility.PerhapsSeen:
                actor.LookingUp = envelope;
                var id = envelope.Transaction.TransactionId;
                Reads().Lookups.Add(new Lookup(actor.Account, Hash64.Of(id), id.ToArray()));
                break;
            case Admissibility.None:
                throw new InvalidOperationException("An account did not say whether it may decide.");
        }
    }

    private void Decide(AccountActor actor, TransactionEnvelope envelope)
    {
        var decided = envelope.Event;
        _machine.Decide(actor.State!, decided);
        AccountMachine.Evolve(actor.State!, decided);

        var start = _batch.Bytes.WrittenCount;
        EntryCodec.Write(_batch.Bytes, decided);
        envelope.AppendIndex = _batch.Appends.Length;
        var alertId = decided.Decision.RaisesAlert ? AlertId.Of(decided.Transaction) : default;
        _batch.Append(actor.Account, decided.Sequence, Hash64.Of(decided.Transaction.TransactionId), start, alertId);
        _batch.Answers.Add(envelope);
        Counters.CountDecided(decided.Decision);
        if (++actor.SinceSnapshot == _settings.SnapshotEvery)
        {
            _snapshotsDue.Add(actor);
        }
    }

    private void Refuse(TransactionEnvelope envelope, Refusal refusal)
    {
        envelope.Refusal = refusal;
        _batch.Answers.Add(envelope);
        Counters.CountRefused(refusal);
    }

    private void Receive(JournalReads reads)
    {
        foreach (var recovery in reads.Recoveries)
        {
            if (_accounts.Find(recovery.Account.Id) is { State: null } actor)
            {
                Recover(actor, recovery, reads.Failure);
            }
        }

        foreach (var lookup in reads.Lookups)
        {
            if (_accounts.Find(lookup.Account.Id) is { LookingUp: { } envelope } actor)
            {
                actor.LookingUp = null;
                Resolve(actor, envelope, lookup, reads.Failure);
                Unstash(actor);
            }
        }
    }

    private void Recover(AccountActor actor, Recovery recovery, Exception? failure)
    {
        _recovering = actor;
        if (failure is null)
        {
            try
            {
                actor.State = _recovery.Rebuild(recovery, out var replayed);
                actor.SinceSnapshot = replayed;
            }
            catch (InvalidDataException damaged)
            {
                failure = damaged;
            }
        }

        _recovering = null;
        if (failure is not null)
        {
            GiveUp(actor, failure);
        }
        else if (actor.State is null)
        {
            Reads().Recoveries.Add(new Recovery(actor.Account) { FromStart = true });
        }
        else
        {
            Unstash(actor);
        }
    }

    private void GiveUp(AccountActor actor, Exception failure)
    {
        _events.RecoveryFailed(Index, failure);
        while (actor.TryUnstash(out var request))
        {
            RefuseAsUnavailable(request);
        }

        _accounts.Remove(actor);
    }

    private void Resolve(AccountActor actor, TransactionEnvelope envelope, Lookup lookup, Exception? failure)
    {
        _handling = envelope;
        if (failure is not null)
        {
            RefuseAsUnavailable(envelope);
        }
        else if (lookup.Found is not { } entry)
        {
            Handle(actor, envelope, AccountMachine.CheckNew(actor.State!, envelope.Transaction));
        }
        else
        {
            EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, _found);
            if (_found.Transaction.ContentEquals(envelope.Transaction))
            {
                EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, envelope.Event);
                _batch.Answers.Add(envelope);
                Counters.Resends++;
            }
            else
            {
                Refuse(envelope, Refusal.IdReused);
            }
        }

        _handling = null;
    }

    private void Unstash(AccountActor actor)
    {
        while (actor.IsReady && actor.TryUnstash(out var request))
        {
            Handle(actor, request);
        }
    }

    private void Passivate()
    {
        for (var actor = _accounts.Oldest; actor is not null && _accounts.Count > _residentMax;)
        {
            var newer = EntityTable<AccountActor>.NewerThan(actor);
            if (actor.IsReady)
            {
                if (actor.SinceSnapshot >= _settings.SnapshotOnPassivationMin)
                {
                    AddSnapshot(actor);
                }

                _accounts.Remove(actor);
                Counters.Passivations++;
            }

            actor = newer;
        }
    }

    private void AddSnapshot(AccountActor actor)
    {
        _batch.AddSnapshot(actor.Account, actor.State!.Sequence, _recovery.Snapshot(actor.State));
        actor.SinceSnapshot = 0;
    }

    private static void CollectWaiting(AccountActor actor, bool isToBlame, List<AccountRequest> waiting)
    {
        if (actor.LookingUp is { } envelope)
        {
            waiting.Add(envelope);
        }

        while (actor.TryUnstash(out var request))
        {
            request.Faults += isToBlame ? 1 : 0;
            waiting.Add(request);
        }
    }

    /// <summary>Makes a request ready to be received again; refuses it where it has failed too often.</summary>
    private bool MayRedo(AccountRequest request)
    {
        var envelope = request as TransactionEnvelope;
        if (envelope is not null)
        {
            envelope.Refusal = Refusal.None;
            envelope.AppendIndex = -1;
        }

        if (request.Faults < FaultsMax && envelope is not { StoreFailures: >= FaultsMax })
        {
            return true;
        }

        RefuseAsUnavailable(request);
        return false;
    }

    private bool RedoCulprit(AccountRequest request, Exception fault)
    {
        if (++request.Faults < FaultsMax)
        {
            return MayRedo(request);
        }

        if (request is TransactionEnvelope envelope)
        {
            envelope.AppendIndex = -1;
            _batch.AddPoison(envelope.AccountId.ToArray(), envelope.Transaction.TransactionId.ToArray(), fault.ToString());
            Refuse(envelope, Refusal.Poison);
            _events.TransactionPoisoned(Index, fault);
        }
        else
        {
            RefuseAsUnavailable(request);
        }

        return false;
    }

    private void RefuseAsUnavailable(AccountRequest request)
    {
        request.RefuseAsUnavailable();
        _batch.Answers.Add(request);
        Counters.CountRefused(Refusal.Unavailable);
    }
}
