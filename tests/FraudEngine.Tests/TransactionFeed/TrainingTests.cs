using System.Diagnostics;
using System.Globalization;
using FraudEngine.Entities;
using FraudEngine.Windows;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>From data to a model: features, <c>tools/train.py</c>, and trees that the engine scores as XGBoost does.</summary>
public sealed class TrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [XgboostFact]
    public async Task What_train_py_writes_scores_as_XGBoost_does()
    {
        using var feed = new Feed();
        var (payments, labels, features) = (_folder.PathOf("payments.ndjson"), _folder.PathOf("labels.csv"), _folder.PathOf("features.csv"));
        Assert.Equal(0, await feed.RunAsync("simulate", "--count", "20000", "--customers", "300", "--fraud", "0.05", "--out", payments, "--labels", labels));
        var config = Path.Combine(Repository.Root, "config", "model.yaml");
        Assert.True(await feed.RunAsync("features", "--data", payments, "--labels", labels, "--label-delay", "1d", "--model", config, "--out", features) == 0, feed.Messages);
        var output = await TrainAsync(features, "--out", _folder.PathOf("model.json"), "--trees", "20", "--predictions", _folder.PathOf("predictions.csv"));

        var model = ScoringModel.Load(
            await File.ReadAllTextAsync(config), config, await File.ReadAllBytesAsync(_folder.PathOf("model.json")), "model.json", WindowSettings.Default, knownLists: null, entities: null);
        Assert.Equal(20, model.Trees.TreeCount);
        Assert.Contains("Training 20 trees", output, StringComparison.Ordinal);
        var rows = 0;
        foreach (var (row, predicted) in File.ReadLines(features).Zip(File.ReadLines(_folder.PathOf("predictions.csv"))).Skip(1))
        {
            float[] values = [.. row.Split(',')[4..].Select(static cell => cell.Length == 0 ? float.NaN : (float)double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(double.Parse(predicted.Split(',')[2], CultureInfo.InvariantCulture), model.Trees.Probability(values), 1e-6);
            rows++;
        }

        Assert.Equal(20_000, rows);
    }

    [XgboostFact]
    public async Task Features_without_frauds_are_refused_in_words()
    {
        await File.WriteAllLinesAsync(_folder.PathOf("features.csv"), ["transactionId,accountId,timestamp,fraud,amount", "t1,a,2026-05-01T00:00:00Z,0,5", "t2,a,2026-05-01T00:00:00Z,,5"]);
        Assert.Contains("1 rows to train on, 0 of them frauds", await TrainAsync(_folder.PathOf("features.csv"), "--out", _folder.PathOf("model.json")), StringComparison.Ordinal);
    }

    /// <summary>What it said, on both outputs.</summary>
    private static async Task<string> TrainAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(XgboostFactAttribute.Python, [Path.Combine(Repository.Root, "tools", "train.py"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Threads that spin while they wait take the processor from those that work.
            Environment = { ["OMP_WAIT_POLICY"] = "passive" },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await error;
    }
}
