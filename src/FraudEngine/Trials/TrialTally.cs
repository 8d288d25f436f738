using FraudEngine.Domain;
using FraudEngine.Rules;

namespace FraudEngine.Trials;

/// <summary>What a partition counts; those of all partitions add up to the trial's, whatever their number.</summary>
internal sealed class TrialTally
{
    private const int Outcomes = (int)Outcome.Decline + 1;

    private readonly RuleSet _candidate;
    private readonly ReasonCatalog _catalog;
    private readonly RuleTally[] _rules;
    private readonly long[] _outcomes = new long[Outcomes];
    private readonly long[] _changes = new long[Outcomes * Outcomes];
    private long _firstTicks = long.MaxValue;
    private long _lastTicks = long.MinValue;

    public TrialTally(RuleSet candidate, ReasonCatalog catalog)
    {
        _candidate = candidate;
        _catalog = catalog;
        _rules = [.. candidate.Rules.Select(_ => new RuleTally())];
    }

    public long Invalid { get; set; }

    /// <summary>Only filled the windows.</summary>
    public long Filled { get; set; }

    public long Resent { get; private set; }

    public long IdReused { get; private set; }

    public long TooLate { get; private set; }

    public long WronglyDeclinedAccounts { get; private set; }

    public long Compared { get; private set; }

    /// <summary>Found is reviewed or declined.</summary>
    public Confusion Stopped { get; } = new();

    /// <summary>Amounts of all frauds.</summary>
    public MoneyTotals Fraud { get; } = new();

    public ChangeTally NewlyStopped { get; } = new();

    public ChangeTally NewlyPassed { get; } = new();

    public ReadOnlySpan<RuleTally> Rules => _rules;

    public long FirstTicks => _firstTicks;

    public long LastTicks => _lastTicks;

    /// <summary>Calendar days in UTC from the first transaction to the last, both included.</summary>
    public int Days => _firstTicks > _lastTicks ? 0 : (int)((_lastTicks / TimeSpan.TicksPerDay) - (_firstTicks / TimeSpan.TicksPerDay)) + 1;

    public long Decided(Outcome outcome) => _outcomes[(int)outcome];

    public long Changed(Outcome from, Outcome to) => _changes[((int)from * Outcomes) + (int)to];

    public void Count(TrialResult result)
    {
        switch (result)
        {
            case TrialResult.Resent:
                Resent++;
                break;
            case TrialResult.IdReused:
                IdReused++;
                break;
            case TrialResult.TooLate:
                TooLate++;
                break;
            case TrialResult.None or TrialResult.Decided:
                throw new ArgumentOutOfRangeException(nameof(result));
        }
    }

    /// <param name="before">What was decided by the rule set in force; null where nothing is compared.</param>
    public void Count(TrialAccount account, long order, Transaction transaction, Decision decision, Decision? before, Label label)
    {
        _outcomes[(int)decision.Outcome]++;
        _firstTicks = Math.Min(_firstTicks, transaction.TimestampTicks);
        _lastTicks = Math.Max(_lastTicks, transaction.TimestampTicks);
        Stopped.Count(transaction, label, decision.IsStopped);
        if (label == Label.Fraud)
        {
            Fraud.Add(transaction);
        }
        else if (label == Label.Genuine && decision.Outcome == Outcome.Decline && !account.IsWronglyDeclined)
        {
            account.IsWronglyDeclined = true;
            WronglyDeclinedAccounts++;
        }

        foreach (var rule in decision.Hits)
        {
            _rules[rule].Hits.Count(transaction, label, isFound: true);
            _rules[rule].Alerts += decision.IsStopped ? 1 : 0;
        }

        foreach (var rule in decision.Errors)
        {
            _rules[rule].Errors++;
        }

        if (before is not null)
        {
            Compare(order, transaction, decision, before, label);
        }
    }

    public void Add(TrialTally other)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] += other._outcomes[i];
        }

        for (var i = 0; i < _changes.Length; i++)
        {
            _changes[i] += other._changes[i];
        }

        for (var i = 0; i < _rules.Length; i++)
        {
            _rules[i].Add(other._rules[i]);
        }

        _firstTicks = Math.Min(_firstTicks, other._firstTicks);
        _lastTicks = Math.Max(_lastTicks, other._lastTicks);
        Compared += other.Compared;
        Invalid += other.Invalid;
        Filled += other.Filled;
        Resent += other.Resent;
        IdReused += other.IdReused;
        TooLate += other.TooLate;
        WronglyDeclinedAccounts += other.WronglyDeclinedAccounts;
        Stopped.Add(other.Stopped);
        Fraud.Add(other.Fraud);
        NewlyStopped.Add(other.NewlyStopped);
        NewlyPassed.Add(other.NewlyPassed);
    }

    private void Compare(long order, Transaction transaction, Decision decision, Decision before, Label label)
    {
        Compared++;
        _changes[((int)before.Outcome * Outcomes) + (int)decision.Outcome]++;
        if (decision.IsStopped == before.IsStopped)
        {
            return;
        }

        var change = decision.IsStopped ? NewlyStopped : NewlyPassed;
        change.Count(label);
        if (change.IsExample(order))
        {
            change.AddExample(order, Example(transaction, decision, before));
        }
    }

    private ChangeExample Example(Transaction transaction, Decision decision, Decision before)
    {
        var set = _catalog[before.RuleSetNumber];
        return new ChangeExample(
            transaction.TextString(TransactionField.TransactionId),
            transaction.TextString(TransactionField.AccountId),
            TimestampText.Format(transaction.TimestampTicks),
            transaction.Amount.ToDecimal() / 1.0000m,
            transaction.TextString(TransactionField.Currency),
            TransactionJson.OutcomeText(before.Outcome),
            TransactionJson.OutcomeText(decision.Outcome),
            [.. before.Hits.ToArray().Select(rule => set.Reasons[rule].Rule)],
            [.. decision.Hits.ToArray().Select(rule => _candidate.Rules[rule].Id)]);
    }
}
