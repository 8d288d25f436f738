using System.Collections.Immutable;
using FraudEngine.Scoring.Xgboost;

namespace FraudEngine.Scoring;

/// <summary>
/// Gradient-boosted trees that tell how probable a fraud is. Immutable. Evaluation allocates nothing and is done in float32 in the order of the trees,
/// and so gives what XGBoost's CPU predictor gives, bit for bit; only log and exp, for the base score and the probability, are those of the platform.
/// </summary>
/// <remarks>
/// Features are in the order of training. A missing one is NaN. A model that was stopped early still has all its trees, and all of them count, as for
/// <c>Booster.predict</c>; cut it before it is saved (<c>booster[:best_iteration + 1]</c>) where that is not meant.
/// </remarks>
public sealed class TreeModel
{
    /// <summary>Of the model's file.</summary>
    public const int BytesMax = 64 << 20;

    public const int FeaturesMax = TreeNode.ColumnsMax / 2;

    /// <summary>With <see cref="DepthMax"/> it bounds an evaluation to 640,000 steps, which take a few milliseconds.</summary>
    public const int TreesMax = 10_000;

    /// <summary>Steps from a root to a leaf.</summary>
    public const int DepthMax = 64;

    /// <summary>Of all trees.</summary>
    public const int NodesMax = TreeNode.NodesMax;

    // Beyond it, exp overflows; as in XGBoost.
    private const float ExponentMax = 88.7f;

    private readonly Forest _forest;
    private readonly float _start;

    /// <param name="start">The margin before the first tree.</param>
    internal TreeModel(ImmutableArray<string> featureNames, int featureCount, float start, Forest forest)
    {
        FeatureNames = featureNames;
        FeatureCount = featureCount;
        _start = start;
        _forest = forest;
        Bias = start + forest.Roots.Sum(root => forest.Means[root]);
    }

    /// <summary>In the order of the features; empty where the file names none.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    public int FeatureCount { get; }

    public int TreeCount => _forest.Roots.Length;

    /// <summary>
    /// The margin of a transaction of which nothing is known yet: the training data's mean, roughly. A margin is this and its contributions.
    /// </summary>
    public float Bias { get; }

    /// <summary>Reads a file that XGBoost's <c>save_model("….json")</c> wrote: versions 1.7 to 3, <c>binary:logistic</c>, <c>gbtree</c>.</summary>
    /// <exception cref="ModelException">The file is broken, passes a limit, or holds a model of another kind.</exception>
    public static TreeModel Parse(ReadOnlyMemory<byte> utf8Json) => ModelFile.Read(utf8Json);

    /// <summary>1 / (1 + e^-margin), in 0..1.</summary>
    public static float ProbabilityOf(float margin) => 1 / (MathF.Exp(MathF.Min(-margin, ExponentMax)) + 1);

    /// <param name="features"><see cref="FeatureCount"/> values; NaN is a missing one.</param>
    public float Probability(ReadOnlySpan<float> features) => ProbabilityOf(Margin(features));

    /// <summary>The log-odds of a fraud: always a finite number.</summary>
    /// <param name="features"><see cref="FeatureCount"/> values; NaN is a missing one.</param>
    public float Margin(ReadOnlySpan<float> features)
    {
        CheckCount(features.Length, nameof(features));
        Span<float> columns = stackalloc float[FeatureColumns.CountOf(features.Length)];
        FeatureColumns.Fill(features, columns);
        return _forest.Add(_start, columns);
    }

    /// <summary>
    /// How much each feature moved the margin away from <see cref="Bias"/>: the sum of both is the margin, but for rounding (about 1e-5).
    /// </summary>
    /// <remarks>
    /// Saabas' method: every step of a walk down a tree changes the mean of the leaves that can still be reached, and that change is credited to the feature
    /// that was compared. It is what XGBoost gives for <c>predict(pred_contribs=True, approx_contribs=True)</c>, and exact for the path that was taken, at the
    /// cost of the evaluation itself. TreeSHAP also credits features that were not compared on that path, and costs a multiple (quadratic in the depth).
    /// Source: Ando Saabas, "Interpreting random forests", 2014, http://blog.datadive.net/interpreting-random-forests/; XGBoost's
    /// <c>RegTree::CalculateContributionsApprox</c>.
    /// </remarks>
    /// <param name="features"><see cref="FeatureCount"/> values; NaN is a missing one.</param>
    /// <param name="contributions">As many, overwritten; in log-odds.</param>
    public void Contribute(ReadOnlySpan<float> features, Span<float> contributions)
    {
        CheckCount(features.Length, nameof(features));
        CheckCount(contributions.Length, nameof(contributions));
        Span<float> columns = stackalloc float[FeatureColumns.CountOf(features.Length)];
        FeatureColumns.Fill(features, columns);
        contributions.Clear();
        var nodes = _forest.Nodes;
        var means = _forest.Means;
        foreach (var root in _forest.Roots)
        {
            var at = root;
            while (nodes[at].Left != at)
            {
                var next = nodes[at].Next(columns);
                contributions[FeatureColumns.FeatureOf(nodes[at].Column, features.Length)] += means[next] - means[at];
                at = next;
            }
        }
    }

    private void CheckCount(int count, string name)
    {
        if (count != FeatureCount)
        {
            throw new ArgumentException($"The model has {FeatureCount} features, but there are {count}.", name);
        }
    }
}
