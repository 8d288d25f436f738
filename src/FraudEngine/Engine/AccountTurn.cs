using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>
/// What a shard's turn does with its accounts' requests: decides, refuses, asks the journal, and gathers it all in one batch. Everything is answered through
/// the batch, refusals too: they rest on what is stored with it or before it. Called only from the turn loop.
/// </summary>
internal sealed class AccountTurn(EngineSettings settings, RulesInForce rules, ulong idHashSeed, EngineCounters counters, ShardBatch batch)
{
    // A large account's snapshot is stored after a quarter of its history, so that storing it costs each transaction the same however large it is.
    private const int HistoryPerSnapshot = 4;

    private readonly AccountRecovery _recovery = new(rules.Rules.Windows, idHashSeed);
    private readonly List<AccountActor> _snapshotsDue = [];
    private readonly TransactionDecided _found = new();
    private AccountMachine _machine = new(rules.Rules, rules.Number, rules.Lists);

    public ShardBatch Batch { get; private set; } = batch;

    /// <summary>The request that is being handled: the one to blame for a fault.</summary>
    public AccountRequest? Handling { get; private set; }

    /// <summary>The account that is being recovered: those who wait for it are to blame for a fault.</summary>
    public AccountActor? Recovering { get; private set; }

    /// <summary>Begins anew with an empty batch; what the one before holds is the caller's.</summary>
    public void Begin(ShardBatch empty)
    {
        Batch = empty;
        Handling = null;
        Recovering = null;
        _snapshotsDue.Clear();
    }

    /// <summary>From the next transaction on these rules decide.</summary>
    public void PutInForce(RulesInForce next) => _machine = new AccountMachine(next.Rules, next.Number, next.Lists);

    /// <summary>Accounts that are recovered from now on keep what this plan needs.</summary>
    public void KeepFor(WindowPlan plan) => _recovery.Plan = plan;

    /// <summary>Asks the journal for all entries of a resident account, which goes on deciding.</summary>
    public Recovery AskForAll(AccountActor actor)
    {
        // Not the actor's own reference to the account: the journal would set what it has read over what is being written.
        var oldest = _recovery.OldestThatMatters(actor.State!);
        var recovery = new Recovery(new AccountRef(actor.Id)) { FromStart = true, OlderThanTicks = oldest };
        var reads = Batch.PatientReads ??= NewReads();
        reads.Recoveries.Add(recovery);
        return recovery;
    }

    /// <summary>Makes a resident account's state anew from all its entries, those since the reading included; false where they can't be read.</summary>
    public bool TryRebuild(AccountActor actor, Recovery recovery, IReadOnlyList<StoredEntry> since)
    {
        if (recovery.Failure is not null)
        {
            return false;
        }

        var last = recovery.Entries.Count == 0 ? 0 : recovery.Entries[^1].Sequence;
        recovery.Entries.AddRange(since.Where(entry => entry.Sequence > last));
        try
        {
            if (_recovery.RebuildHistory(recovery, actor.State!) is not { } history)
            {
                return false;
            }

            // The stored snapshot lacks what was read here, so the account leaves another when it leaves memory.
            actor.State = actor.State!.With(history);
            actor.SinceSnapshot = Math.Max(actor.SinceSnapshot, settings.SnapshotOnPassivationMin);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Asks the journal for an account that is not resident.</summary>
    public void AskFor(AccountActor actor, bool fromStart = false)
    {
        Reads().Recoveries.Add(new Recovery(actor.Account) { FromStart = fromStart });
        counters.Recoveries++;
    }

    /// <summary>Handles a request of an account that is ready.</summary>
    public void Handle(AccountActor actor, AccountRequest request)
    {
        Handling = request;
        switch (request)
        {
            case TransactionEnvelope envelope:
                var decided = envelope.Event;
                decided.IdHash = Hash64.Of(decided.Transaction.TransactionId, idHashSeed);
                Handle(actor, envelope, AccountMachine.Check(actor.State!, decided.Transaction, decided.IdHash));
                break;
            case AccountQuery query:
                Answer(actor.State!, query);
                break;
        }

        Handling = null;
    }

    /// <summary>Handles what waits in an account, as far as it is ready.</summary>
    public void Unstash(AccountActor actor)
    {
        while (actor.IsReady && actor.TryUnstash(out var request))
        {
            Handle(actor, request);
        }
    }

    /// <summary>Makes an account ready from what the journal has of it. Where that is damaged, says why, and the account stays as it was.</summary>
    public Exception? Recover(AccountActor actor, Recovery recovery)
    {
        if (recovery.Failure is not null)
        {
            return recovery.Failure;
        }

        Recovering = actor;
        try
        {
            actor.State = _recovery.Rebuild(recovery, out var replayed);
            actor.SinceSnapshot = replayed;
        }
        catch (InvalidDataException damaged)
        {
            Recovering = null;
            return damaged;
        }

        // Anything else that is thrown restarts the shard, which has to know over which account.
        Recovering = null;
        if (actor.State is null)
        {
            AskFor(actor, fromStart: true);
        }
        else
        {
            Unstash(actor);
        }

        return null;
    }

    /// <summary>Answers the transaction that was looked up, and what waited behind it.</summary>
    public void Resolve(AccountActor actor, TransactionEnvelope envelope, Lookup lookup)
    {
        actor.LookingUp = null;
        Handling = envelope;
        if (lookup.Failure is not null)
        {
            RefuseAsUnavailable(envelope);
        }
        else if (lookup.Found is not { } entry)
        {
            Handle(actor, envelope, AccountMachine.CheckNew(actor.State!, envelope.Transaction));
        }
        else
        {
            Resolve(actor, envelope, entry);
        }

        Handling = null;
        Unstash(actor);
    }

    public void RefuseAsUnavailable(AccountRequest request)
    {
        request.RefuseAsUnavailable();
        Batch.Answers.Add(request);
        counters.CountRefused(Refusal.Unavailable);
    }

    /// <summary>Refuses a transaction for good and records it.</summary>
    public void RefuseAsPoison(TransactionEnvelope envelope, Exception fault)
    {
        envelope.AppendIndex = -1;
        Batch.AddPoison(envelope.AccountId.ToArray(), envelope.Transaction.TransactionId.ToArray(), fault.ToString());
        Refuse(envelope, Refusal.Poison);
    }

    /// <summary>Adds the snapshots that are due.</summary>
    public void AddSnapshots()
    {
        foreach (var actor in _snapshotsDue)
        {
            // One whose windows could not be filled has left memory in this turn.
            if (actor.State is not null)
            {
                AddSnapshot(actor);
            }
        }

        _snapshotsDue.Clear();
    }

    public void AddSnapshot(AccountActor actor)
    {
        Batch.AddSnapshot(actor.Account, actor.State!.Sequence, _recovery.Snapshot(actor.State));
        actor.SinceSnapshot = 0;
        actor.IsSnapshotDue = false;
    }

    private JournalReads Reads() => Batch.Reads ??= NewReads();

    private JournalReads NewReads() => new() { Shard = Batch.Shard, Incarnation = Batch.Incarnation };

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
                Reads().Lookups.Add(new Lookup(actor.Account, envelope.Event.IdHash, envelope.Transaction.TransactionId.ToArray()));
                break;
            case Admissibility.None:
                throw new InvalidOperationException("An account did not say whether it may decide.");
        }
    }

    private void Decide(AccountActor actor, TransactionEnvelope envelope)
    {
        var state = actor.State!;
        var decided = envelope.Event;
        _machine.Decide(state, decided);
        AccountMachine.Evolve(state, decided);

        var start = Batch.Bytes.WrittenCount;
        EntryCodec.Write(Batch.Bytes, decided);
        envelope.AppendIndex = Batch.Appends.Length;
        actor.DecidedSince?.Add(new StoredEntry(decided.Sequence, Batch.Bytes.WrittenSpan[start..].ToArray()));
        var alertId = decided.Decision.RaisesAlert ? AlertId.Of(decided.Transaction) : default;
        Batch.Append(actor.Account, decided.Sequence, decided.IdHash, start, alertId);
        counters.CountDecided(decided.Decision);
        if (++actor.SinceSnapshot >= Math.Max(settings.SnapshotEvery, state.History.Count / HistoryPerSnapshot) && !actor.IsSnapshotDue)
        {
            actor.IsSnapshotDue = true;
            _snapshotsDue.Add(actor);
        }

        Batch.Answers.Add(envelope);
    }

    private void Refuse(TransactionEnvelope envelope, Refusal refusal)
    {
        envelope.Refusal = refusal;
        Batch.Answers.Add(envelope);
        counters.CountRefused(refusal);
    }

    private void Resolve(AccountActor actor, TransactionEnvelope envelope, StoredEntry entry)
    {
        EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, _found);
        if (!_found.Transaction.ContentEquals(envelope.Transaction))
        {
            Refuse(envelope, Refusal.IdReused);
            return;
        }

        EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, envelope.Event);
        Batch.Answers.Add(envelope);
        counters.Resends++;
    }

    private void Answer(AccountState state, AccountQuery query)
    {
        query.View = null;
        if (state.Sequence > 0)
        {
            var asOf = query.AsOfTicks ?? state.History.NewestTicks;
            query.View = new AccountView(state.Sequence, asOf, state.History.NewestTicks, WindowReading.Of(_machine.ReadWindows(state, asOf)));
        }

        Batch.Answers.Add(query);
    }
}
