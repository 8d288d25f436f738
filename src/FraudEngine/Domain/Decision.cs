namespace FraudEngine.Domain;

/// <summary>
/// What was decided for one transaction. Rules are named by their place in the rule set of <see cref="RuleSetNumber"/>, so that a decision is small;
/// <see cref="ReasonCatalog"/> has their ids and texts.
/// </summary>
public sealed class Decision
{
    private ushort[] _hits = new ushort[4];
    private ushort[] _errors = [];
    private ushort[] _modelReasons = [];
    private int _hitCount;
    private int _errorCount;
    private int _modelReasonCount;
    private ushort[] _activity = [];
    private int _activityCount;

    public Outcome Outcome { get; internal set; }

    public Score Score { get; internal set; }

    /// <summary>The number under which the journal keeps the rule set that decided.</summary>
    public int RuleSetNumber { get; internal set; }

    /// <summary>The version of the named lists that the rules asked; 0 where the rule set asks none.</summary>
    public long ListsVersion { get; internal set; }

    /// <summary>The number under which the journal keeps the model that scored; 0 where none did.</summary>
    public int ModelNumber { get; internal set; }

    /// <summary>Features that moved the model's score most towards fraud, the strongest first, by their places in the model.</summary>
    public ReadOnlySpan<ushort> ModelReasons => _modelReasons.AsSpan(0, _modelReasonCount);

    /// <summary>Entities that did not answer in time, so that it was decided without what they know: bits by <see cref="EntityKind"/>.</summary>
    public int Unanswered { get; internal set; }

    /// <summary>Whether the entity of a kind did not answer in time.</summary>
    public bool IsUnanswered(EntityKind kind) => (Unanswered & (1 << (int)kind)) != 0;

    /// <summary>Rules that were hit, in the rule set's order.</summary>
    public ReadOnlySpan<ushort> Hits => _hits.AsSpan(0, _hitCount);

    /// <summary>Rules that could not answer (division by zero, overflow, a forgotten window).</summary>
    public ReadOnlySpan<ushort> Errors => _errors.AsSpan(0, _errorCount);

    /// <summary>What the account's hold made of it: <see cref="Outcome.Review"/> or <see cref="Outcome.Decline"/>; None where it was not held.</summary>
    public Outcome Held { get; internal set; }

    /// <summary>Whether the customer has confirmed an earlier payment of the same pattern: then its score stops nothing, and it raises no alert of fraud.</summary>
    public bool IsConfirmedPattern { get; internal set; }

    /// <summary>Activity rules that the customer has chosen and that were hit, by their places among the rule set's reasons, behind its rules.</summary>
    public ReadOnlySpan<ushort> Activity => _activity.AsSpan(0, _activityCount);

    /// <summary>The sequence number of the account's change by which it stood for the account what is above; 0 where nothing stood.</summary>
    public long TermsSequence { get; internal set; }

    /// <summary>Whether the payment is not made, for now or for good.</summary>
    public bool IsStopped => Outcome is Outcome.Review or Outcome.Decline;

    /// <summary>Whether the customer is alerted of suspected fraud.</summary>
    public bool RaisesFraudAlert => IsStopped && !IsConfirmedPattern;

    /// <summary>Whether the customer is alerted, of suspected fraud or of an activity.</summary>
    public bool RaisesAlert => RaisesFraudAlert || _activityCount > 0;

    internal void Clear()
    {
        Outcome = Outcome.None;
        Score = default;
        RuleSetNumber = 0;
        ListsVersion = 0;
        _hitCount = 0;
        _errorCount = 0;
        _modelReasonCount = 0;
        ModelNumber = 0;
        Unanswered = 0;
        Held = Outcome.None;
        TermsSequence = 0;
        IsConfirmedPattern = false;
        _activityCount = 0;
    }

    internal void AddHit(int rule) => Append(ref _hits, ref _hitCount, rule);

    internal void AddError(int rule) => Append(ref _errors, ref _errorCount, rule);

    internal void AddModelReason(int feature) => Append(ref _modelReasons, ref _modelReasonCount, feature);

    internal void AddActivity(int reason) => Append(ref _activity, ref _activityCount, reason);

    private static void Append(ref ushort[] rules, ref int count, int rule)
    {
        if (count == rules.Length)
        {
            Array.Resize(ref rules, Math.Max(4, count * 2));
        }

        rules[count++] = (ushort)rule;
    }
}
