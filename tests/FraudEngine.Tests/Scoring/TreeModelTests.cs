using System.Text.Json.Nodes;
using FraudEngine.Scoring;

namespace FraudEngine.Tests.Scoring;

public class TreeModelTests
{
    private static readonly Split Stump = new(1, 10, true, new Leaf(-1, 3), new Leaf(2, 1));

    [Theory]
    [InlineData(9.999f, -1)]
    [InlineData(10f, 2)]
    [InlineData(10.001f, 2)]
    [InlineData(float.NegativeInfinity, -1)]
    [InlineData(float.PositiveInfinity, 2)]
    public void A_value_below_the_threshold_goes_left_and_any_other_right(float value, float margin) => Assert.Equal(margin, ModelJson.Model(2, Stump).Margin([0, value]));

    [Theory]
    [InlineData(true, -1)]
    [InlineData(false, 2)]
    public void A_missing_value_goes_the_default_way(bool left, float margin)
    {
        var model = ModelJson.Model(2, Stump with { MissingGoesLeft = left });
        Assert.Equal(margin, model.Margin([0, float.NaN]));
        Assert.Equal(margin, model.Margin([float.NaN, float.NaN]));
    }

    [Fact]
    public void A_tree_may_be_one_leaf()
    {
        var model = ModelJson.Model(1, new Leaf(0.25f), new Leaf(0.5f));
        var contributions = new float[1];
        model.Contribute([3], contributions);
        Assert.Equal((2, 0.75f, 0.75f, 0f), (model.TreeCount, model.Margin([3]), model.Bias, contributions[0]));
    }

    [Theory]
    [InlineData("\"5E-1\"", 0)]
    [InlineData("\"[5E-1]\"", 0)]
    [InlineData("\"2E-1\"", -1.3862944f)]
    [InlineData("\"[8E-1]\"", 1.3862944f)]
    public void The_margin_begins_with_the_log_odds_of_the_base_score(string baseScore, float margin)
    {
        var file = ModelJson.Of(1, new Leaf(0));
        ModelJson.Set(file, "learner.learner_model_param.base_score", baseScore);
        var model = ModelJson.Parse(file);
        Assert.Equal(margin, model.Margin([0]), 1e-6f);
        Assert.Equal(margin, model.Bias, 1e-6f);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(2, 0.880797)]
    [InlineData(-2, 0.119203)]
    [InlineData(1e30f, 1)]
    [InlineData(-1e30f, 3e-39)]
    public void The_probability_is_the_sigmoid_of_the_margin(float margin, double probability) => Assert.Equal(probability, TreeModel.ProbabilityOf(margin), 1e-6);

    [Fact]
    public void Features_are_named_as_the_file_names_them_or_not_at_all()
    {
        var file = ModelJson.Of(2, Stump);
        Assert.Empty(ModelJson.Parse(file).FeatureNames);
        ModelJson.Set(file, "learner.feature_names", """["amount", "count_1d"]""");
        Assert.Equal(["amount", "count_1d"], ModelJson.Parse(file).FeatureNames.AsEnumerable());
        Assert.True(file["learner"]!.AsObject().Remove("feature_names"));
        Assert.Empty(ModelJson.Parse(file).FeatureNames);
    }

    [Fact]
    public void A_step_is_credited_to_the_feature_that_it_compared()
    {
        // The mean is -0.25 at the root and 1 in its right child.
        var model = ModelJson.Model(3, new Split(2, 5, true, new Leaf(-1.5f, 2), new Split(0, 1, true, new Leaf(0, 1), new Leaf(2, 1))), new Leaf(0.125f));
        var contributions = new float[] { 9, 9, 9 };
        model.Contribute([1, 0, 7], contributions);
        Assert.Equal(-0.125f, model.Bias);
        Assert.Equal([1, 0, 1.25f], contributions);
    }

    [Fact]
    public void Children_without_weight_count_the_same()
    {
        var model = ModelJson.Model(2, Stump with { Left = new Leaf(-1, 0), Right = new Leaf(2, 0) });
        Assert.Equal(0.5f, model.Bias);
    }

    [Fact]
    public void Nodes_that_were_pruned_are_passed_over()
    {
        var file = ModelJson.Of(2, Stump);
        var tree = (JsonObject)file["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        var pruned = new[] { ("left_children", -1), ("right_children", -1), ("split_indices", int.MaxValue), ("split_conditions", 0), ("default_left", 1), ("split_type", 0), ("sum_hessian", 0) };
        foreach (var (column, value) in pruned)
        {
            tree[column]!.AsArray().Add(value);
        }

        tree["tree_param"]!["num_nodes"] = "4";
        Assert.Equal(2, ModelJson.Parse(file).Margin([0, 10]));
    }

    [Fact]
    public void A_wrong_number_of_features_is_refused()
    {
        var model = ModelJson.Model(2, Stump);
        Assert.Contains("2 features, but there are 3", Assert.Throws<ArgumentException>(() => model.Margin([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Contribute([1], new float[2]));
        Assert.Throws<ArgumentException>(() => model.Contribute([1, 2], new float[1]));
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        var random = new Random(3);
        var model = ModelJson.Model(40, [.. Enumerable.Range(0, 50).Select(_ => Split.Drawn(random, 40, 6))]);
        var features = Enumerable.Range(0, 40).Select(i => i % 7 == 0 ? float.NaN : i - 20f).ToArray();
        var contributions = new float[40];
        Evaluate();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Evaluate();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Evaluate()
        {
            for (var i = 0; i < 1_000; i++)
            {
                model.Margin(features);
                model.Probability(features);
                model.Contribute(features, contributions);
            }
        }
    }
}
