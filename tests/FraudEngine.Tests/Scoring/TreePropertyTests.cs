using FraudEngine.Scoring;

namespace FraudEngine.Tests.Scoring;

/// <summary>Whatever the trees, the engine's evaluation is that of trees as they are drawn, to the last bit.</summary>
public class TreePropertyTests
{
    [Fact]
    public void Flat_trees_give_what_trees_as_drawn_give()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var features = random.Next(1, 9);
            Tree[] trees = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Split.Drawn(random, features, random.Next(0, 8)))];
            var model = ModelJson.Model(features, trees);
            Assert.Equal(trees.Length, model.TreeCount);
            Assert.Equal(trees.Sum(static tree => tree.Mean), model.Bias, 1e-5);
            for (var row = 0; row < 50; row++)
            {
                Check(model, trees, Row(random, features));
            }
        }
    }

    private static void Check(TreeModel model, Tree[] trees, float[] features)
    {
        var expected = new double[features.Length];
        var margin = 0f;
        foreach (var tree in trees)
        {
            margin += tree.Walk(features, expected).Value;
        }

        Assert.Equal(margin, model.Margin(features));
        Assert.Equal(1 / (1 + Math.Exp(-margin)), model.Probability(features), 1e-6);
        var contributions = new float[features.Length];
        model.Contribute(features, contributions);
        Assert.All(contributions.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(margin, model.Bias + contributions.Sum(), 1e-5f);
    }

    /// <summary>Often exactly a threshold, sometimes missing.</summary>
    private static float[] Row(Random random, int features) =>
        [.. Enumerable.Range(0, features).Select(_ => random.Next(6) == 0 ? float.NaN : random.Next(2) == 0 ? random.Next(-4, 5) : (random.NextSingle() * 8) - 4)];
}
