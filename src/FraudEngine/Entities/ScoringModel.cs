using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Scoring;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>A model: which features it looks at, in the rule language, and the trees that score them. Immutable.</summary>
public sealed class ScoringModel
{
    private ScoringModel(FeatureSet features, TreeModel trees)
    {
        Features = features;
        Trees = trees;
    }

    public FeatureSet Features { get; }

    public TreeModel Trees { get; }

    /// <summary>The windows that the features look at.</summary>
    public WindowPlans Plans => Features.Plans;

    /// <summary>Checks a model as files and requests hold it, and puts its parts together.</summary>
    /// <param name="config">The text of its file.</param>
    /// <param name="configName">How errors name that.</param>
    /// <param name="treesName">How errors name the trees' file.</param>
    /// <param name="knownLists">As for <see cref="FeatureSet.Parse"/>, as are <paramref name="entities"/>.</param>
    /// <exception cref="RuleSetException">The configuration has errors.</exception>
    /// <exception cref="InvalidDataException">The trees can't be used; the message begins with their name.</exception>
    public static ScoringModel Load(
        string config, string configName, ReadOnlyMemory<byte> trees, string treesName, WindowSettings windows, IReadOnlySet<string>? knownLists,
        IReadOnlySet<EntityKind>? entities)
    {
        var features = FeatureSet.Parse(config, configName, windows, knownLists, entities);
        try
        {
            return Load(features, trees);
        }
        catch (ModelException wrong)
        {
            throw new InvalidDataException($"{treesName}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Puts features and trees together.</summary>
    /// <param name="trees">The trees' file.</param>
    /// <exception cref="ModelException">The trees are damaged, or don't fit the features.</exception>
    public static ScoringModel Load(FeatureSet features, ReadOnlyMemory<byte> trees)
    {
        var model = TreeModel.Parse(trees);
        if (model.FeatureCount != features.Features.Length)
        {
            throw new ModelException(
                $"{features.TreesFile} was trained on {model.FeatureCount} features, but {features.Reference} has {features.Features.Length}. Train it anew with the features of this version.");
        }

        for (var i = 0; i < model.FeatureNames.Length; i++)
        {
            if (model.FeatureNames[i] != features.Features[i].Name)
            {
                throw new ModelException(
                    $"Feature {i + 1} of {features.TreesFile} is '{model.FeatureNames[i]}', but that of {features.Reference} is '{features.Features[i].Name}'. They must be the same, in the same order.");
            }
        }

        return new ScoringModel(features, model);
    }

    /// <summary>The probability of fraud.</summary>
    /// <param name="features">In the order of <see cref="Features"/>; not a number where one is missing.</param>
    public Score ScoreOf(ReadOnlySpan<float> features) => Score.Clamp((long)Math.Round((double)Trees.Probability(features) * Score.One));
}
