using FraudEngine.Domain;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;

namespace FraudEngine.Trials;

/// <summary>How far a shadow has come.</summary>
public enum ShadowState
{
    None,

    /// <summary>What was decided before it was put up fills its windows.</summary>
    Filling,

    /// <summary>It is compared with what is decided.</summary>
    Live,

    /// <summary>It can't go on.</summary>
    Failed,
}

/// <summary>A candidate that follows the journal. Rows are taken by one thread; it may be looked at from any.</summary>
public sealed class Shadow
{
    private readonly Lock _lock = new();
    private readonly StoredShadow _stored;
    private readonly TrialSettings? _settings;
    private readonly JournalTrial? _trial;
    private NamedLists _lists;
    private long _position;
    private volatile string? _failure;

    internal Shadow(StoredShadow stored, TrialSettings settings, ReasonCatalog catalog)
    {
        _stored = stored;
        _settings = settings;
        _lists = settings.Lists;
        _trial = new JournalTrial(settings, catalog, labels: null);
        RuleSet = settings.Candidate.Reference;
        Model = settings.Model?.Features.Reference;
    }

    /// <summary>One whose rules, or whose model, can't be compiled any more.</summary>
    internal Shadow(StoredShadow stored, string ruleSet, string? model, string failure)
    {
        _stored = stored;
        _lists = NamedLists.Empty;
        _failure = failure;
        RuleSet = ruleSet;
        Model = model;
    }

    public string Name => _stored.Name;

    /// <summary>As it is stored.</summary>
    internal StoredShadow Stored => _stored;

    /// <summary><c>name@version</c>.</summary>
    public string RuleSet { get; }

    /// <summary><c>name@version</c> of the model that is tried with the rules; null where none is.</summary>
    public string? Model { get; }

    /// <summary>When it was put up, in UTC ticks of the clock.</summary>
    public long AtTicks => _stored.AtTicks;

    /// <summary>The journal position behind which it is compared.</summary>
    public long AfterPosition => _stored.AfterPosition;

    /// <summary>The journal position that it has come to.</summary>
    public long Position => Volatile.Read(ref _position);

    public ShadowState State => _failure is not null ? ShadowState.Failed : Position < AfterPosition ? ShadowState.Filling : ShadowState.Live;

    /// <summary>Why it can't go on; null where it can.</summary>
    public string? Failure => _failure;

    /// <summary>The comparison so far; null where it never began.</summary>
    public TrialReport? Report()
    {
        lock (_lock)
        {
            return _trial is null ? null : TrialSummary.Of(_settings!, [_trial.Partition], TrialSummary.Journal, TrialSummary.ListsNow(_lists));
        }
    }

    /// <summary>Takes the rows behind <see cref="Position"/>.</summary>
    internal void Take(IReadOnlyList<JournalRow> rows, NamedLists lists)
    {
        lock (_lock)
        {
            if (lists.Version != _lists.Version)
            {
                _lists = lists;
                _trial!.Partition.Use(lists);
            }

            foreach (var row in rows)
            {
                if (!_trial!.TryRead(row))
                {
                    // A label or a change: known from here on.
                }
                else if (row.Position > AfterPosition)
                {
                    _trial.Compare(row);
                }
                else
                {
                    _trial.Fill(row);
                }

                Volatile.Write(ref _position, row.Position);
            }
        }
    }

    internal void Fail(string reason) => _failure = reason;
}

/// <summary>What came of putting a shadow up.</summary>
/// <param name="Shadow">Null where it is refused, or there are as many shadows as may be.</param>
/// <param name="Refusal">Null where it is not refused for what it tries.</param>
public sealed record ShadowAnswer(Shadow? Shadow, TrialRefusal? Refusal);
