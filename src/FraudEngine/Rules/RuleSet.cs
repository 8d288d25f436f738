using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Explanation;
using FraudEngine.Rules.Lists;
using FraudEngine.Rules.Yaml;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>A version of the rules, checked and compiled. Immutable: threads and shards share one.</summary>
public sealed class RuleSet
{
    /// <summary>Rules in one set.</summary>
    public const int RulesMax = 1000;

    /// <summary>Activity rules in one set.</summary>
    public const int ActivityMax = 50;

    /// <summary>Different windows in one set, over all kinds of entities: each of them pays for its own.</summary>
    public const int WindowsMax = 2000;

    /// <summary>
    /// What a set may cost at its worst, in the units of <see cref="Costs"/>: about 5 ms a transaction. A shard decides nothing else meanwhile, and a few nested
    /// lists can take years.
    /// </summary>
    public const double CostMax = 500_000;

    private readonly Lazy<ExplainedRules> _explained;

    internal RuleSet(string name, int version, Score reviewThreshold, Score declineThreshold, ImmutableArray<Rule> rules, WindowPlans plans, ImmutableArray<string> listNames, string source)
    {
        Name = name;
        Version = version;
        Reference = $"{name}@{version}";
        ReviewThreshold = reviewThreshold;
        DeclineThreshold = declineThreshold;
        Rules = rules;
        Plans = plans;
        ListNames = listNames;
        Source = source;
        _explained = new Lazy<ExplainedRules>(() => new ExplainedRules(this));
    }

    public string Name { get; }

    public int Version { get; }

    /// <summary><c>name@version</c>, as decisions and the journal state it.</summary>
    public string Reference { get; }

    /// <summary>From this score on a transaction is reviewed.</summary>
    public Score ReviewThreshold { get; }

    /// <summary>From this score on it is declined; not below <see cref="ReviewThreshold"/>.</summary>
    public Score DeclineThreshold { get; }

    public ImmutableArray<Rule> Rules { get; }

    /// <summary>Of which customers may choose to be told; they change no outcome.</summary>
    public ImmutableArray<ActivityRule> Activity { get; internal init; } = [];

    /// <summary>The place of an activity rule in <see cref="Activity"/>; -1 where there is none of that id.</summary>
    public int FindActivity(string id)
    {
        for (var i = 0; i < Activity.Length; i++)
        {
            if (Activity[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The windows that the rules use over each kind of entity, each once.</summary>
    public WindowPlans Plans { get; }

    /// <summary>Those over the account.</summary>
    public WindowPlan Windows => Plans[EntityKind.Account];

    /// <summary>The named lists that the rules ask, each once.</summary>
    public ImmutableArray<string> ListNames { get; }

    /// <summary>The YAML text that it was made of.</summary>
    public string Source { get; }

    /// <summary>The rules, and behind them the activity rules, as decisions name them, to be stored with the set.</summary>
    public ImmutableArray<ReasonCode> Reasons => [.. Rules.Select(static rule => rule.Reason), .. Activity.Select(static rule => rule.Reason)];

    /// <summary>Reads and compiles a rule set.</summary>
    /// <param name="fileName">How errors name the file.</param>
    /// <param name="knownLists">The named lists that there are: a rule that asks another is refused. Null where any may be.</param>
    /// <param name="entities">The kinds of entities, besides the account, that have windows: a rule that names another is refused. Null where all have.</param>
    /// <exception cref="RuleSetException">With every error of the file.</exception>
    public static RuleSet Parse(
        string yaml, string fileName, WindowSettings settings, IReadOnlySet<string>? knownLists = null, IReadOnlySet<EntityKind>? entities = null) =>
        RuleFile.Read(yaml, fileName, new EntitySlots(settings, entities), new ListSlots(knownLists));

    /// <summary>The lists that the rules ask, in the order of <see cref="ListNames"/>, as <see cref="RuleEvaluation.Begin"/> takes them.</summary>
    public ImmutableArray<NamedList> Bind(NamedLists lists) => ImmutableArray.CreateRange(ListNames, lists.Find);

    /// <summary>
    /// The outcome of a transaction. A decline that a rule asks for wins over everything; then an approval, over every score; then a review, which a score at or
    /// above the decline threshold still makes a decline; then the thresholds.
    /// </summary>
    public Outcome OutcomeOf(Score score, ActionsHit actions)
    {
        var outright = OutrightOf(actions);
        if (outright == Outcome.Decline || actions.Contains(Outcome.Approve))
        {
            return outright;
        }

        return score >= DeclineThreshold ? Outcome.Decline
            : score >= ReviewThreshold ? Outcome.Review
            : outright;
    }

    /// <summary>The outcome whatever the score: what the rules ask for outright, an approval where they ask for nothing.</summary>
    public static Outcome OutrightOf(ActionsHit actions) =>
        actions.Contains(Outcome.Decline) ? Outcome.Decline
        : actions.Contains(Outcome.Approve) || !actions.Contains(Outcome.Review) ? Outcome.Approve
        : Outcome.Review;

    /// <summary>Whether another set decides the same and says the same of it, whatever its comments and layout.</summary>
    public bool SaysTheSameAs(RuleSet other) =>
        Reference == other.Reference && ReviewThreshold == other.ReviewThreshold && DeclineThreshold == other.DeclineThreshold
        && Rules.SequenceEqual(other.Rules, (left, right) => left.SaysTheSameAs(right))
        && Activity.SequenceEqual(other.Activity, (left, right) => left.SaysTheSameAs(right));

    /// <summary>Tries every rule, in order. Allocates nothing and throws nothing.</summary>
    public void Evaluate(RuleEvaluation evaluation)
    {
        var results = evaluation.Clear(Rules.Length);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Rules[i].Evaluate(evaluation);
        }
    }

    /// <summary>Why each rule found what it found. From any thread; the first call compiles the rules once more, so this is not for the way of a decision.</summary>
    /// <param name="evaluation">Turned to the transaction, with a reader of <see cref="Windows"/>, what the other entities' windows said, and the lists as they were.</param>
    /// <param name="nameOf">The text of a key that is too long to stand in it, or null where that is not known: then its hash is shown.</param>
    public ImmutableArray<RuleExplanation> Explain(RuleEvaluation evaluation, Func<TextKey, string?>? nameOf = null) => _explained.Value.Explain(evaluation, nameOf);
}
