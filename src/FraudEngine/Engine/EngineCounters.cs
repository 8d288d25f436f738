using FraudEngine.Domain;

namespace FraudEngine.Engine;

/// <summary>What a shard has done since it started. Written by its turn loop only; read by anyone, a little late.</summary>
public sealed class EngineCounters
{
    private readonly long[] _outcomes = new long[(int)Outcome.Decline + 1];
    private readonly long[] _refusals = new long[(int)Refusal.Unavailable + 1];

    public long Resends { get; internal set; }

    public long RuleErrors { get; internal set; }

    public long Restarts { get; internal set; }

    public long Recoveries { get; internal set; }

    public long Passivations { get; internal set; }

    public long ResidentAccounts { get; internal set; }

    public long ResidentEntities { get; internal set; }

    /// <summary>What the histories of resident accounts and entities take, without those parts that are larger than 32 KiB.</summary>
    public long HistoryBytes { get; internal set; }

    public long EntityRecoveries { get; internal set; }

    /// <summary>Visits to entities that were not answered in time, or could not be.</summary>
    public long VisitsUnanswered { get; internal set; }

    public long Labels { get; internal set; }

    /// <summary>Of accounts: responses, holds, releases, other activity alerts.</summary>
    public long Changes { get; internal set; }

    /// <summary>Decided, whatever the outcome.</summary>
    public long DecidedInAll => Decided(Outcome.Approve) + Decided(Outcome.Review) + Decided(Outcome.Decline);

    public long Decided(Outcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    public long Refused(Refusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    public void Add(EngineCounters other)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] += Volatile.Read(ref other._outcomes[i]);
        }

        for (var i = 0; i < _refusals.Length; i++)
        {
            _refusals[i] += Volatile.Read(ref other._refusals[i]);
        }

        Resends += other.Resends;
        RuleErrors += other.RuleErrors;
        Restarts += other.Restarts;
        Recoveries += other.Recoveries;
        Passivations += other.Passivations;
        ResidentAccounts += other.ResidentAccounts;
        ResidentEntities += other.ResidentEntities;
        HistoryBytes += other.HistoryBytes;
        EntityRecoveries += other.EntityRecoveries;
        VisitsUnanswered += other.VisitsUnanswered;
        Labels += other.Labels;
        Changes += other.Changes;
    }

    internal void CountDecided(Decision decision)
    {
        _outcomes[(int)decision.Outcome]++;
        RuleErrors += decision.Errors.Length;
    }

    internal void CountRefused(Refusal refusal) => _refusals[(int)refusal]++;
}
