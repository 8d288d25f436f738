using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>
/// Some of a trial's accounts, run through the engine's own machine in the order in which their transactions come. One thread at a time.
/// </summary>
public sealed class TrialPartition
{
    private const int DroppedShareMin = 128;

    private readonly TrialSettings _settings;
    private readonly WindowPlan _plan;
    private AccountMachine _machine;
    private readonly AccountMachine? _against;
    private readonly TrialEntities _entities;
    private readonly TrialEntities? _entitiesOfAgainst;
    private readonly EntityReadings _readings = new();
    private readonly TransactionDecided _candidate = new();
    private readonly TransactionLabelled _labelled = new();
    private readonly TransactionDecided _compared;
    private readonly TrialTally _tally;
    private readonly Dictionary<byte[], TrialAccount> _accounts;
    private readonly Dictionary<byte[], TrialAccount>.AlternateLookup<ReadOnlySpan<byte>> _find;
    private readonly DueLabels? _due;
    private long _watermark = long.MinValue;
    private int _held;

    /// <param name="catalog">Names the rules of the decisions that the candidate's are compared with; null where only those of the settings are.</param>
    public TrialPartition(TrialSettings settings, ReasonCatalog? catalog = null)
    {
        _settings = settings;
        _plan = settings.Plans[EntityKind.Account];
        _machine = Machine(settings.Lists);
        _entities = new TrialEntities(settings.Candidate.Plans, settings.ModelPlans, settings.AccountsMax);
        _entitiesOfAgainst = settings.Against is null ? null : new TrialEntities(settings.Against.Plans, WindowPlans.None(settings.Windows), settings.AccountsMax);
        _against = settings.Against is { } against ? new AccountMachine(against, TrialSettings.AgainstNumber, settings.Lists) : null;
        _due = settings.IsInOrder ? new DueLabels(settings.LabelDelay) : null;
        _compared = new TransactionDecided { Transaction = _candidate.Transaction };
        _tally = new TrialTally(settings.Candidate, catalog ?? CatalogOf(settings.Against));
        _accounts = new Dictionary<byte[], TrialAccount>(new IdComparer());
        _find = _accounts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>What the candidate decides next: its owner fills the transaction.</summary>
    public Transaction Transaction => _candidate.Transaction;

    /// <summary>What the candidate decided last.</summary>
    public Decision Decision => _candidate.Decision;

    /// <summary>The number that was given to <see cref="Remember"/> for the first transaction with the id that was resent last.</summary>
    public int Remembered { get; private set; }

    internal TrialTally Tally => _tally;

    /// <summary>Accounts that had a transaction which was decided or filled windows.</summary>
    internal int Accounts { get; private set; }

    /// <summary>The account of that id, which is added where it is new.</summary>
    public TrialAccount AccountOf(ReadOnlySpan<byte> id)
    {
        if (!_find.TryGetValue(id, out var account))
        {
            account = new TrialAccount(id.ToArray());
            _accounts.Add(account.Id, account);
        }

        return account;
    }

    /// <summary>Counts a row that is no transaction by the contract.</summary>
    public void CountInvalid() => _tally.Invalid++;

    /// <summary>Does with <see cref="Transaction"/>, which may be anything that is well-formed, what the engine would.</summary>
    /// <param name="order">Its place in the input.</param>
    public TrialResult Try(TrialAccount account, long order, Label label)
    {
        while (_due is not null && _due.TryTake(Transaction.TimestampTicks, out var labelled, out var known))
        {
            Know(AccountOf(Encoding.UTF8.GetBytes(labelled)), known);
        }

        var seen = account.Seen ??= new SeenIds();
        var content = Transaction.ContentHash(_settings.Seed);
        var stored = content;
        _candidate.Identify(_settings.Seed);
        if (!seen.IsNew(_candidate.IdHash, ref stored))
        {
            Remembered = seen.Note;
            return Count(stored == content ? TrialResult.Resent : TrialResult.IdReused);
        }

        if (IsTooLate(account))
        {
            return Count(TrialResult.TooLate);
        }

        seen.AddLast(_candidate.IdHash, content);
        var isCompared = _settings.IsCompared(Transaction.TimestampTicks);
        if (isCompared)
        {
            Decide(account, order, label);
        }
        else
        {
            Fill(account);
        }

        if (_due is not null && label == Label.Fraud)
        {
            _due.AddFraud(Encoding.UTF8.GetString(account.Id), Transaction, _candidate.Sequence);
        }

        return isCompared ? TrialResult.Decided : TrialResult.Filled;
    }

    /// <summary>Keeps a number with the transaction decided last, for when it is resent.</summary>
    public void Remember(TrialAccount account, int note) => account.Seen!.Note = note;

    /// <summary>Decides a transaction that a journal has, and compares that with what is stored.</summary>
    /// <param name="stored">Of the same transaction as <see cref="Transaction"/>.</param>
    internal void Decide(TrialAccount account, long order, Label label, Decision? stored = null)
    {
        Hold(account);
        var state = account.State!;
        _entities.Read(Transaction, _readings);
        _machine.Decide(state, _candidate, _readings);
        AccountMachine.Evolve(state, _candidate);
        _entities.Evolve(Transaction, _candidate.EventId);
        if (_against is not null)
        {
            (_compared.IdHash, _compared.EventId) = (_candidate.IdHash, _candidate.EventId);
            _entitiesOfAgainst!.Read(Transaction, _readings);
            _against.Decide(account.Against!, _compared, _readings);
            AccountMachine.Evolve(account.Against!, _compared);
            _entitiesOfAgainst.Evolve(Transaction, _candidate.EventId);
            stored = _compared.Decision;
        }

        _watermark = Math.Max(_watermark, Transaction.TimestampTicks);
        _tally.Count(account, order, Transaction, Decision, stored, label == Label.None && _settings.IsLabelled ? Label.Genuine : label);
    }

    /// <summary>Lets a transaction that a journal has fill the windows, and no more.</summary>
    internal void Fill(TrialAccount account)
    {
        Hold(account);
        _candidate.Sequence = account.State!.Sequence + 1;
        _candidate.Identify(_settings.Seed);
        AccountMachine.Evolve(account.State, _candidate);
        _entities.Evolve(Transaction, _candidate.EventId);
        if (account.Against is { } against)
        {
            _candidate.Sequence = against.Sequence + 1;
            AccountMachine.Evolve(against, _candidate);
            _entitiesOfAgainst!.Evolve(Transaction, _candidate.EventId);
        }

        _watermark = Math.Max(_watermark, Transaction.TimestampTicks);
        _tally.Filled++;
    }

    /// <summary>Takes in what a transaction turned out to be, once that is known.</summary>
    public void Know(TrialAccount account, TransactionLabelled labelled)
    {
        var eventId = TransactionHash.Of(account.Id, labelled.TransactionId, _settings.Seed);
        Know(account.State, labelled, eventId);
        Know(account.Against, labelled, eventId);
        _entities.Evolve(labelled, eventId);
        _entitiesOfAgainst?.Evolve(labelled, eventId);
    }

    /// <summary>Takes in a label that a journal has.</summary>
    internal void Know(TrialAccount account, ReadOnlySpan<byte> entry)
    {
        LabelCodec.Read(entry, 0, _labelled);
        Know(account, _labelled);
    }

    /// <summary>Takes in a change of an account that a journal has.</summary>
    internal void Change(TrialAccount account, ReadOnlySpan<byte> entry)
    {
        account.Terms = ChangeCodec.Read(entry, 0).Terms;
        Change(account.State, account.Terms);
        Change(account.Against, account.Terms);
    }

    internal TransactionDecided Event => _candidate;

    internal ulong Seed => _settings.Seed;

    /// <summary>The lists that are asked from now on.</summary>
    internal void Use(NamedLists lists) => _machine = Machine(lists);

    private AccountMachine Machine(NamedLists lists) => new(
        _settings.Candidate, TrialSettings.CandidateNumber, lists, _settings.Model is null ? null : new NumberedModel(_settings.Model, TrialSettings.ModelNumber));

    private static void Know(AccountState? state, TransactionLabelled labelled, ulong eventId)
    {
        if (state is not null)
        {
            labelled.Sequence = state.Sequence + 1;
            AccountMachine.Evolve(state, labelled, eventId);
        }
    }

    private static void Change(AccountState? state, AccountTerms terms)
    {
        if (state is not null)
        {
            state.Terms = terms;
        }
    }

    private static ReasonCatalog CatalogOf(RuleSet? against)
    {
        var catalog = new ReasonCatalog();
        if (against is not null)
        {
            catalog.Add(new DecidingRuleSet(TrialSettings.AgainstNumber, against.Reference, [.. against.Reasons]));
        }

        return catalog;
    }

    private TrialResult Count(TrialResult result)
    {
        _tally.Count(result);
        return result;
    }

    private bool IsTooLate(TrialAccount account) => account.State is { } state
        ? AccountMachine.CheckNew(state, Transaction) == Admissibility.TooLate
        : Transaction.TimestampTicks < EventTime.Before(account.DroppedTicks, _settings.Windows.AllowedLatenessTicks);

    /// <summary>Makes sure that the account's history is held.</summary>
    private void Hold(TrialAccount account)
    {
        if (account.State is not null)
        {
            return;
        }

        // Windows of this transaction, and of those that may come late after it, reach back so far: a history that ended before is an empty one.
        if (account.DroppedTicks > EventTime.Before(Transaction.TimestampTicks, KeptTicks))
        {
            throw new TrialException(
                $"Transactions of more than {_settings.AccountsMax:N0} accounts lie within one window, or the input is not in the order of time: the history of an account that comes again was dropped. Allow more accounts (--accounts-max).");
        }

        if (_held >= _settings.AccountsPerPartition)
        {
            Drop();
        }

        account.State = new AccountState(_plan) { Terms = account.Terms };
        account.Against = _settings.Against is { } against ? new AccountState(against.Windows) { Terms = account.Terms } : null;
        Accounts += account.DroppedTicks == long.MinValue ? 1 : 0;
        _held++;
    }

    private long KeptTicks => _settings.KeptTicks;

    /// <summary>
    /// Drops the histories that no window of a transaction at the watermark, or late by what is allowed, reaches back to. The ids that an account has used are kept:
    /// they are never forgotten, nor is its newest event time.
    /// </summary>
    private void Drop()
    {
        var upTo = EventTime.Before(Math.Max(_watermark, Transaction.TimestampTicks), KeptTicks);
        foreach (var account in _accounts.Values)
        {
            if (account.State is { } state && state.History.NewestTicks <= upTo)
            {
                account.DroppedTicks = state.History.NewestTicks;
                account.State = null;
                account.Against = null;
                _held--;
            }
        }

        // Dropping hardly any again and again would cost more than the trial.
        if (_held >= _settings.AccountsPerPartition - (_settings.AccountsPerPartition / DroppedShareMin))
        {
            throw new TrialException($"More than {_settings.AccountsMax:N0} accounts have transactions within one window. Allow more (--accounts-max), or try the rules on a part of them.");
        }
    }
}
