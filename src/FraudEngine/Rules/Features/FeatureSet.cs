using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Features;

/// <summary>A version of a model's file, checked and compiled: what the model is given for each transaction. Immutable: threads and shards share one.</summary>
public sealed class FeatureSet
{
    /// <summary>Features of one model.</summary>
    public const int FeaturesMax = 500;

    /// <summary>What stands before a feature's name where a decision names it as a reason.</summary>
    public const string ReasonPrefix = "model:";

    internal FeatureSet(
        string name, int version, string treesFile, ScoreUse scoreUse, ImmutableArray<Feature> features, WindowPlans plans, ImmutableArray<string> listNames, string source)
    {
        Name = name;
        Version = version;
        Reference = $"{name}@{version}";
        TreesFile = treesFile;
        ScoreUse = scoreUse;
        Features = features;
        Plans = plans;
        ListNames = listNames;
        Source = source;
    }

    public string Name { get; }

    public int Version { get; }

    /// <summary><c>name@version</c>, as decisions and the journal state it.</summary>
    public string Reference { get; }

    /// <summary>The name of the file of trees, which stands beside the model's own.</summary>
    public string TreesFile { get; }

    public ScoreUse ScoreUse { get; }

    /// <summary><see cref="ScoreUse"/> as the file states it.</summary>
    public string ScoreText => ScoreUse switch
    {
        ScoreUse.Model => "model",
        ScoreUse.Rules => "rules",
        ScoreUse.Both => "both",
        ScoreUse.None => "",
    };

    /// <summary>In the order in which the model takes them.</summary>
    public ImmutableArray<Feature> Features { get; }

    /// <summary>The windows that the features use over each kind of entity, each once.</summary>
    public WindowPlans Plans { get; }

    /// <summary>The named lists that the features ask, each once.</summary>
    public ImmutableArray<string> ListNames { get; }

    /// <summary>The YAML text that it was made of.</summary>
    public string Source { get; }

    /// <summary>The features as decisions name them, to be stored with the model.</summary>
    public ImmutableArray<ReasonCode> Reasons => [.. Features.Select(static feature => feature.Reason)];

    /// <summary>Reads and compiles a model's file. The file of trees is not looked at.</summary>
    /// <param name="fileName">How errors name the file.</param>
    /// <param name="knownLists">The named lists that there are: a feature that asks another is refused. Null where any may be.</param>
    /// <param name="entities">The kinds of entities, besides the account, that have windows: a feature that names another is refused. Null where all have.</param>
    /// <exception cref="RuleSetException">With every error of the file.</exception>
    public static FeatureSet Parse(
        string yaml, string fileName, WindowSettings settings, IReadOnlySet<string>? knownLists = null, IReadOnlySet<EntityKind>? entities = null) =>
        FeatureFile.Read(yaml, fileName, new EntitySlots(settings, entities), new ListSlots(knownLists));

    /// <summary>The lists that the features ask, in the order of <see cref="ListNames"/>, as <see cref="RuleEvaluation.Begin"/> takes them.</summary>
    public ImmutableArray<NamedList> Bind(NamedLists lists) => ImmutableArray.CreateRange(ListNames, lists.Find);

    /// <summary>Whether another one gives a model the same and says the same of it, whatever its comments and layout.</summary>
    public bool SaysTheSameAs(FeatureSet other) =>
        Reference == other.Reference && TreesFile == other.TreesFile && ScoreUse == other.ScoreUse
        && Features.SequenceEqual(other.Features, static (left, right) => left.SaysTheSameAs(right));

    /// <summary>
    /// Computes every feature, in order; not a number where it is missing or can't be computed. Allocates nothing and throws nothing.
    /// </summary>
    /// <param name="evaluation">
    /// Turned to the transaction with a reader of the account's plan in <see cref="Plans"/>, with values in the slots of these plans, and with lists from <see cref="Bind"/>;
    /// not with those of the rules.
    /// </param>
    /// <param name="values">As many as there are features.</param>
    public void Evaluate(RuleEvaluation evaluation, Span<double> values)
    {
        for (var i = 0; i < Features.Length; i++)
        {
            values[i] = Features[i].Evaluate(evaluation);
        }
    }
}
