using FraudEngine.Domain;
using FraudEngine.Engine.Changes;
using FraudEngine.Engine.Visiting;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Engine;

/// <summary>
/// What a shard's turn does with its accounts' requests: decides, refuses, asks the journal, and gathers it all in one batch. Everything is answered through
/// the batch, refusals too: they rest on what is stored with it or before it. Called only from the turn loop.
/// </summary>
internal sealed partial class AccountTurn(EngineSettings settings, RulesInForce rules, HistoryMemory memory, ulong idHashSeed, EngineCounters counters, ShardBatch batch, VisitDesk visits)
{
    private readonly AccountRecovery _recovery = new(rules.Plans[EntityKind.Account], memory, idHashSeed);
    private readonly List<AccountActor> _snapshotsDue = [];
    private readonly TransactionDecided _found = new();
    private readonly TransactionDecided _lender = new();
    private AccountMachine _machine = MachineOf(rules);

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
    public void PutInForce(RulesInForce next)
    {
        _machine = MachineOf(next);
        visits.PutInForce(next);
    }

    /// <summary>Accounts that are recovered from now on keep what this plan needs.</summary>
    public void KeepFor(WindowPlan plan) => _recovery.Plan = plan;

    /// <summary>Asks the journal for all entries of a resident account, which goes on deciding.</summary>
    public Recovery AskForAll(AccountActor actor)
    {
        // Not the actor's own reference to the account: the journal would set what it has read over what is being written.
        var oldest = _recovery.OldestThatMatters(actor.State!);
        var recovery = new Recovery(new AccountRef(actor.Id)) { FromStart = true, OlderThanTicks = oldest };
        PatientReads().Recoveries.Add(recovery);
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
            actor.Replace(actor.State!.With(history));
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
                decided.Identify(idHashSeed);
                Handle(actor, envelope, AccountMachine.Check(actor.State!, decided.Transaction, decided.IdHash));
                break;
            case LabelRequest label:
                Handle(actor, label);
                break;
            case ChangeRequest change:
                Handle(actor, change);
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
        while (actor.IsReady && actor.NextStashed is { } next && visits.IsComplete(next) && actor.TryUnstash(out var request))
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
            actor.State = _recovery.Rebuild(recovery, actor.TermsRead, out var replayed);
            actor.TermsRead = actor.State is null ? AccountState.ReadTermsFrom(recovery.Snapshot) : AccountTerms.None;
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

    /// <summary>Answers the transaction, the label or the response that was looked up, and what waited behind it.</summary>
    public void Resolve(AccountActor actor, AccountRequest request, Lookup lookup)
    {
        actor.LookingUp = null;
        Handling = request;
        if (lookup.Failure is not null)
        {
            RefuseAsUnavailable(request);
        }
        else if (request is TransactionEnvelope envelope)
        {
            Resolve(actor, envelope, lookup);
        }
        else if (request is LabelRequest label)
        {
            Resolve(actor, label, lookup);
        }
        else
        {
            Resolve(actor, (ChangeRequest)request, lookup);
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
        envelope.Visits.Clear();
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

    /// <summary>Returns the snapshot's length in bytes.</summary>
    public int AddSnapshot(AccountActor actor)
    {
        var snapshot = _recovery.Snapshot(actor.State!);
        Batch.AddSnapshot(actor.Account, actor.State!.Sequence, snapshot);
        actor.SinceSnapshot = 0;
        actor.IsSnapshotDue = false;
        return snapshot.Length;
    }

    /// <summary>What the batch asks of the journal, to be added to.</summary>
    public JournalReads Reads() => Batch.Reads ??= NewReads();

    /// <summary>As <see cref="Reads"/>, for what no transaction waits for.</summary>
    public JournalReads PatientReads() => Batch.PatientReads ??= NewReads();

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
        var start = Batch.Bytes.WrittenCount;
        decided.SwapFeatures(_lender);
        try
        {
            _machine.Decide(state, decided, envelope.Visits.Readings);
            AccountMachine.Evolve(state, decided);
            EntryCodec.Write(Batch.Bytes, decided);
        }
        finally
        {
            decided.SwapFeatures(_lender);
        }

        envelope.AppendIndex = Batch.Appends.Length;
        actor.DecidedSince?.Add(new StoredEntry(decided.Sequence, Batch.Bytes.WrittenSpan[start..].ToArray()));
        var alertId = decided.Decision.RaisesAlert ? AlertId.Of(decided.Transaction) : default;
        Batch.Append(actor.Account, decided.Sequence, decided.IdHash, start, alertId);
        counters.CountDecided(decided.Decision);
        CountEvent(actor);
        Batch.Answers.Add(envelope);
    }

    private void Handle(AccountActor actor, LabelRequest label)
    {
        var idHash = Hash64.Of(label.TransactionId, idHashSeed);
        if (!actor.State!.Seen.MayContain(idHash))
        {
            Answer(label, LabelResult.Unknown);
            return;
        }

        actor.LookingUp = label;
        Reads().Lookups.Add(new Lookup(actor.Account, idHash, label.TransactionId) { WithLabel = true });
    }

    private void Resolve(AccountActor actor, LabelRequest label, Lookup lookup)
    {
        if (lookup.Found is not { } entry)
        {
            Answer(label, LabelResult.Unknown);
            return;
        }

        if (lookup.IsFraud == label.IsFraud)
        {
            Answer(label, LabelResult.Unchanged);
            return;
        }

        EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, _found);
        label.AppendIndex = AppendLabel(actor, label.Label, label.IsFraud);
        Answer(label, LabelResult.Stored);
    }

    /// <summary>Labels the transaction that was found.</summary>
    /// <returns>The label's place among the appends.</returns>
    private int AppendLabel(AccountActor actor, TransactionLabelled labelled, bool isFraud)
    {
        var state = actor.State!;
        labelled.Label(_found.Transaction, _found.Sequence, isFraud);
        labelled.Sequence = state.Sequence + 1;
        AccountMachine.Evolve(state, labelled, TransactionHash.Of(actor.Id, labelled.TransactionId, idHashSeed));

        var start = Batch.Bytes.WrittenCount;
        LabelCodec.Write(Batch.Bytes, labelled);
        actor.DecidedSince?.Add(new StoredEntry(labelled.Sequence, Batch.Bytes.WrittenSpan[start..].ToArray()));
        Batch.AppendLabel(actor.Account, labelled.Sequence, Hash64.Of(labelled.TransactionId, ~idHashSeed), start, labelled.LabelledSequence, isFraud);
        counters.Labels++;
        CountEvent(actor);
        return Batch.Appends.Length - 1;
    }

    private void Answer(LabelRequest label, LabelResult result)
    {
        label.Result = result;
        Batch.Answers.Add(label);
    }

    /// <summary>Counts an event of an account, and sees to its snapshot.</summary>
    private void CountEvent(AccountActor actor)
    {
        if (++actor.SinceSnapshot >= settings.SnapshotAfter(actor.State!.History.Count))
        {
            TakeSnapshot(actor);
        }
    }

    private void TakeSnapshot(AccountActor actor)
    {
        if (!actor.IsSnapshotDue)
        {
            actor.IsSnapshotDue = true;
            _snapshotsDue.Add(actor);
        }
    }

    private void Refuse(TransactionEnvelope envelope, Refusal refusal)
    {
        envelope.Refusal = refusal;
        Batch.Answers.Add(envelope);
        counters.CountRefused(refusal);
    }

    private void Resolve(AccountActor actor, TransactionEnvelope envelope, Lookup lookup)
    {
        if (lookup.Found is not { } entry)
        {
            if (visits.IsComplete(envelope))
            {
                Handle(actor, envelope, AccountMachine.CheckNew(actor.State!, envelope.Transaction));
            }
            else
            {
                // Other rules have come into force meanwhile: it visits its entities once more, before all that waits behind it.
                actor.StashFirst(envelope);
            }

            return;
        }

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
        if (state.Transactions > 0)
        {
            var asOf = query.AsOfTicks ?? state.History.NewestTicks;
            query.View = new AccountView(state.Transactions, asOf, state.History.NewestTicks, WindowReading.Of(_machine.ReadWindows(state, asOf)), state.Terms);
        }
        else if (state.Terms.Hold is not null)
        {
            query.View = AccountView.OfTerms(state.Terms);
        }

        Batch.Answers.Add(query);
    }

    private static AccountMachine MachineOf(RulesInForce inForce) => new(inForce.Rules, inForce.Number, inForce.Lists, inForce.Model);
}
