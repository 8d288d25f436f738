using System.Globalization;
using System.IO.Compression;
using FraudEngine.Scoring;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The Fraud Detection Handbook's features, predictions and table, computed as the engine computes them: one transaction after the other.</summary>
[Collection(Alone.Name)]
public sealed class HandbookModelTests : IDisposable
{
    private const int GoldenRows = 67_080;

    private static readonly string ModelFile = Path.Combine(Repository.Root, "config", "model-handbook.yaml");

    private readonly TemporaryFolder _folder = new();

    private static string Golden => Path.Combine(HandbookFolder.Find()!, "model");

    private static string[] Data => [.. Directory.EnumerateFiles(HandbookFolder.Find()!, "transactions-*.csv.gz").Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [HandbookFact]
    public async Task Features_are_the_golden_ones_and_give_the_golden_predictions()
    {
        using var feed = new Feed();
        var file = _folder.PathOf("features.csv");
        Assert.True(
            await feed.RunAsync(["features", "--data", .. Data, "--model", ModelFile, "--label-delay", "7d", "--from", "2018-08-08", "--to", "2018-08-15", "--out", file]) == 0,
            feed.Messages);
        var model = TreeModel.Parse(File.ReadAllBytes(Path.Combine(Golden, "xgboost-baseline.json")));
        var rows = 0;
        foreach (var ((line, golden), predicted) in File.ReadLines(file).Skip(1).Zip(Lines("golden-features-2018-08-08_14.csv.gz")).Zip(Lines("golden-predictions-2018-08-08_14.csv.gz")))
        {
            var cells = line.Split(',');
            var features = cells[4..].Select(Number).ToArray();
            Assert.Equal(golden.Split(',')[0], cells[0]);
            Assert.All(features.Zip(golden.Split(',')[1..].Select(Number)), static pair => Assert.Equal(pair.Second, pair.First, 1e-6));
            Assert.Equal(Number(predicted.Split(',')[3]), model.Probability([.. features.Select(static feature => (float)feature)]), 1e-6);
            rows++;
        }

        Assert.Equal(GoldenRows, rows);
    }

    /// <summary>The whole way: 1.3 million transactions and their labels into a running engine, and its decisions against the handbook's table. Half a minute.</summary>
    [HandbookFact]
    public async Task The_running_engine_gives_the_golden_predictions_and_the_published_row()
    {
        if (!Soak.IsOn)
        {
            return;
        }

        File.Copy(Path.Combine(Golden, "xgboost-baseline.json"), _folder.PathOf("model-handbook.json"));
        File.Copy(ModelFile, _folder.PathOf("model-handbook.yaml"));
        using var engine = await EngineProcess.StartAsync(
            _folder.PathOf("."), EngineProcess.FreePort(), "--Storage:ConnectionString", _folder.PathOf("data"), "--Model:Path", _folder.PathOf("model-handbook.yaml"));
        using var feed = new Feed();
        var decisions = _folder.PathOf("decisions.csv");
        Assert.True(await feed.RunAsync(["replay", .. Data, "--to", engine.Url, "--labels", "inline", "--label-delay", "7d", "--out", decisions]) == 0, feed.Messages);
        await engine.StopAsync();
        var rows = 0;
        var scores = File.ReadLines(decisions).Skip(1).Select(static line => line.Split(',')).ToDictionary(static cells => cells[0], static cells => Number(cells[3]));
        foreach (var cells in Lines("golden-predictions-2018-08-08_14.csv.gz").Select(static line => line.Split(',')))
        {
            Assert.Equal(Number(cells[3]), scores[cells[0]], 1e-6);
            rows++;
        }

        Assert.Equal(GoldenRows, rows);
        using var evaluation = new Feed();
        Assert.Equal(0, await evaluation.RunAsync(["evaluate", "--decisions", decisions, "--labels", .. Data, "--from", "2018-08-08", "--to", "2018-08-15", "--known-from", "2018-07-25"]));
        Assert.Contains("0.8618", evaluation.Results, StringComparison.Ordinal);
        Assert.Contains("0.6389", evaluation.Results, StringComparison.Ordinal);
        Assert.Contains("0.2729", evaluation.Results, StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Golden, name)), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
