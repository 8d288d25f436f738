using System.Globalization;
using System.IO.Compression;
using FraudEngine.Scoring;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.TransactionFeed;

namespace FraudEngine.Tests.Scoring;

/// <summary>The engine's evaluation is that of XGBoost 1.7.4 itself, whose answers were stored with 9 digits: all that float32 has.</summary>
public class GoldenModelTests
{
    /// <summary>
    /// <c>Models/</c> has a model of made-up payments (4 features, 15 % of their values missing, 6 trees with pruned nodes, base score 0.3) and XGBoost's
    /// answers to 60 other ones: the features, <c>output_margin=True</c>, the probability, and <c>pred_contribs=True, approx_contribs=True</c>.
    /// </summary>
    [Fact]
    public void Margins_probabilities_and_contributions_are_those_of_XGBoost()
    {
        var folder = Path.Combine(Repository.Root, "tests", "FraudEngine.Tests", "Scoring", "Models");
        var model = TreeModel.Parse(File.ReadAllBytes(Path.Combine(folder, "xgboost-1.7.4.json")));
        Assert.Equal(["amount", "count_1d", "avg_30d", "risk_7d"], model.FeatureNames.AsEnumerable());
        var contributions = new float[model.FeatureCount];
        foreach (var row in File.ReadLines(Path.Combine(folder, "xgboost-1.7.4.csv")).Skip(1).Select(Numbers))
        {
            var features = row[..4];
            Assert.Equal(row[4], model.Margin(features), 1e-6f);
            Assert.Equal(row[5], model.Probability(features), 1e-6f);
            model.Contribute(features, contributions);
            Assert.All(contributions.Zip(row[6..10]), static pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
            Assert.Equal(row[10], model.Bias, 1e-5f);
        }
    }

    [HandbookFact]
    public void The_handbooks_models_give_their_golden_predictions()
    {
        var folder = Path.Combine(HandbookFolder.Find()!, "model");
        var baseline = TreeModel.Parse(File.ReadAllBytes(Path.Combine(folder, "xgboost-baseline.json")));
        var tuned = TreeModel.Parse(File.ReadAllBytes(Path.Combine(folder, "xgboost-tuned.json")));
        var rows = 0;
        foreach (var (line, golden) in Lines(folder, "golden-features-2018-08-08_14.csv.gz").Zip(Lines(folder, "golden-predictions-2018-08-08_14.csv.gz")))
        {
            var features = Numbers(line)[1..];
            var expected = Numbers(golden);
            Check(baseline, features, expected[2], expected[3]);
            Check(tuned, features, expected[4], expected[5]);
            rows++;
        }

        Assert.Equal(67_080, rows);
    }

    private static void Check(TreeModel model, float[] features, float margin, float probability)
    {
        Assert.Equal(margin, model.Margin(features), 1e-6f);
        Assert.Equal(probability, model.Probability(features), 1e-6f);
        Span<float> contributions = stackalloc float[features.Length];
        model.Contribute(features, contributions);
        var sum = model.Bias;
        foreach (var contribution in contributions)
        {
            sum += contribution;
        }

        Assert.Equal(margin, sum, 1e-4f);
    }

    private static float[] Numbers(string line) => [.. line.Split(',').Select(static cell => cell == "nan" ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture))];

    private static IEnumerable<string> Lines(string folder, string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, name)), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
