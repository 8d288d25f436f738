using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The handbook's protocol, with the predictions of its models as decisions: the published figures must come out.</summary>
public sealed class EvaluationHandbookTests : IDisposable
{
    private const int InTestSet = 1;
    private const int Baseline = 3;
    private const int Tuned = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [HandbookFact]
    public async Task The_baseline_model_has_its_published_figures()
    {
        var report = await EvaluateAsync(static cells => cells[Baseline]);

        Assert.Equal("0.8618 0.6389 0.2729", Figures(report));
        var days = report.GetProperty("days").EnumerateArray().ToList();
        Assert.Equal([29, 36, 32, 28, 25, 28, 13], days.Select(static day => day.GetProperty("accountsFound").GetInt32()));
        Assert.Equal([50, 48, 46, 44, 44, 40, 28], days.Select(static day => day.GetProperty("accountsToFind").GetInt32()));
    }

    [HandbookFact]
    public async Task The_tuned_model_has_its_measured_figures() => Assert.Equal("0.8725 0.6827 0.2957", Figures(await EvaluateAsync(static cells => cells[Tuned])));

    [HandbookFact]
    public async Task Equal_scores_have_those_of_chance()
    {
        var report = await EvaluateAsync(static _ => "0.5");

        Assert.StartsWith("0.5000 0.0066 ", Figures(report));
        Assert.Contains("account ids decide", report.GetProperty("notes").ToString());
    }

    [HandbookFact]
    public async Task The_test_set_is_the_book_s_row_for_row()
    {
        var report = await EvaluateAsync(static cells => cells[InTestSet]);

        var all = report.GetProperty("all");
        Assert.Equal((58_264, 385), (all.GetProperty("transactions").GetInt32(), all.GetProperty("frauds").GetInt32()));
        Assert.Equal(58_264, all.GetProperty("cutoffs")[0].GetProperty("stopped").GetInt32());
        Assert.Equal(67_080 - 58_264, report.GetProperty("leftOut").GetProperty("ofKnownAccounts").GetInt32());
        Assert.Equal(0.397, report.GetProperty("cardPrecisionOfPerfectScores").GetDouble(), 3);
    }

    [HandbookFact]
    public async Task Labels_that_begin_too_late_for_the_protocol_are_said()
    {
        var report = await EvaluateAsync(static cells => cells[Baseline], "transactions-2018-08-01_14.csv.gz");

        Assert.Contains("The labels begin at 2018-08-01", report.GetProperty("notes").ToString());
    }

    private static string Figures(JsonElement report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.GetProperty("all").GetProperty("aucRoc").GetDouble():0.0000} {report.GetProperty("all").GetProperty("averagePrecision").GetDouble():0.0000} {report.GetProperty("cardPrecision").GetDouble():0.0000}");

    /// <summary>Makes decisions of the golden predictions' rows, and runs the protocol's command.</summary>
    private async Task<JsonElement> EvaluateAsync(Func<string[], string> score, params string[] labels)
    {
        string[] names = labels.Length > 0 ? labels : ["transactions-2018-07.csv.gz", "transactions-2018-08-01_14.csv.gz"];
        var data = HandbookFolder.Find()!;
        var accounts = Lines(Path.Combine(data, "transactions-2018-08-01_14.csv.gz")).Skip(1).Select(static line => line.Split(',')).ToDictionary(static cells => cells[0], static cells => cells[2]);
        await File.WriteAllLinesAsync(
            _folder.PathOf("decisions.csv"),
            Lines(Path.Combine(data, "model", "golden-predictions-2018-08-08_14.csv.gz")).Skip(1).Select(static line => line.Split(','))
                .Select(cells => $"{cells[0]},{accounts[cells[0]]},approve,{score(cells)},,set@1,,").Prepend("transactionId,accountId,outcome,score,reasons,ruleSet,alertId,error"));
        using var feed = new Feed();
        string[] arguments =
        [
            "evaluate", "--decisions", _folder.PathOf("decisions.csv"), "--labels", .. names.Select(name => Path.Combine(data, name)),
            "--from", "2018-08-08", "--to", "2018-08-15", "--known-from", "2018-07-25", "--format", "json",
        ];
        Assert.Equal(0, await feed.RunAsync(arguments));
        return JsonDocument.Parse(feed.Results).RootElement;
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
