using System.Text.Json;
using System.Xml.Linq;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The command <c>evaluate</c>: what it reads, leaves out and says.</summary>
public sealed class EvaluateTests : IDisposable
{
    private const string Header = "transactionId,accountId,outcome,score,reasons,ruleSet,alertId,error\n";

    /// <summary>Two days; b is compromised on the first, c on the second.</summary>
    private const string Labels = """
        transactionId,accountId,fraud,timestamp
        1,a,0,2026-01-01T10:00:00Z
        2,b,1,2026-01-01T11:00:00Z
        3,b,1,2026-01-02T11:00:00Z
        4,c,1,2026-01-02T12:00:00Z
        5,d,0,2026-01-02T13:00:00Z
        """;

    private const string Decisions = Header + """
        1,a,approve,0.1,,s@1,,
        2,b,decline,0.9,big,s@1,x,
        3,b,decline,0.9,big,s@1,x,
        4,c,review,0.6,big,s@1,x,
        5,d,approve,0.2,,s@1,,
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Decisions_are_measured_in_all_and_per_day()
    {
        var report = await ReportAsync(Decisions, Labels, "--top", "1");

        Assert.Equal("5 3 2 4 2 1 1", Text(report.GetProperty("all"), "transactions", "frauds", "genuine", "accounts", "compromisedAccounts", "aucRoc", "averagePrecision"));
        Assert.Equal(
            ["score >= 0.5: 3 1 1 0 1", "score >= 0.8: 2 1 0.6666666666666666 0 0.8", "review or decline: 3 1 1 0 1", "decline: 2 1 0.6666666666666666 0 0.8"],
            report.GetProperty("all").GetProperty("cutoffs").EnumerateArray().Select(static cutoff => $"{cutoff.GetProperty("cutoff")}: {Text(cutoff, "fraudStopped", "precision", "recall", "falsePositiveRate", "f1")}"));
        Assert.Equal(["2026-01-01 1 1 1 2", "2026-01-02 1 1 1 2"], report.GetProperty("days").EnumerateArray().Select(static day => Text(day, "day", "cardPrecision", "accountsFound", "accountsToFind", "accountsRanked")));
        Assert.Equal("[]", report.GetProperty("notes").ToString());
    }

    [Fact]
    public async Task Accounts_that_are_known_as_compromised_are_left_out_from_the_day_on_that_their_label_is_there()
    {
        var report = await ReportAsync(Decisions, Labels, "--known-from", "2026-01-01", "--label-delay", "0d");

        Assert.Equal("2026-01-01T00:00:00Z 0", Text(report, "knownFrom", "labelDelayDays"));
        Assert.Equal("1 1", Text(report.GetProperty("leftOut"), "ofKnownAccounts", "fraudsOfKnownAccounts"));
        Assert.Equal(4, report.GetProperty("all").GetProperty("transactions").GetInt32());
        Assert.Equal("0", Text((await ReportAsync(Decisions, Labels, "--known-from", "2026-01-01", "--label-delay", "1d")).GetProperty("leftOut"), "ofKnownAccounts"));
        Assert.Equal("0", Text((await ReportAsync(Decisions, Labels, "--known-from", "2026-01-01T11:00:01Z", "--label-delay", "0d")).GetProperty("leftOut"), "ofKnownAccounts"));
    }

    [Fact]
    public async Task A_period_is_half_open()
    {
        var report = await ReportAsync(Decisions, Labels, "--from", "2026-01-01T11:00:00Z", "--to", "2026-01-02T12:00:00Z");

        Assert.Equal("2026-01-01T11:00:00Z 2026-01-02T11:00:00Z", Text(report, "from", "to"));
        Assert.Equal("3", Text(report.GetProperty("leftOut"), "outsidePeriod"));
    }

    [Fact]
    public async Task Each_row_that_is_no_use_is_counted_once()
    {
        var decisions = Decisions + "\n" + """
            6,a,,,,,,Too late
            ,,,,,,,Longer than 16 KiB
            1,a,approve,0.1,,s@1,,
            1,a,decline,1,,s@1,,
            2,b,decline,NaN,,s@1,,
            2,b,decline,,,s@1,,
            2,b,perhaps,0.5,,s@1,,
            2,b,,0.5,,s@1,,
            2,b
            9,zz,approve,0.1,,s@1,,
            1,zz,approve,0.1,,s@1,,
            7,e,approve,0.1,,s@1,,
            """;
        var labels = Labels + "\n7,e,,2026-01-02T13:00:00Z\n8,f,1,2026-01-02T13:00:00Z\n5,d,0,\n88,g,0,2026-01-02T13:00:00Z\n";

        var report = await ReportAsync(decisions, labels);

        Assert.Equal(
            "17 3 4 2 2 1 1 8 1",
            Text(report.GetProperty("input"), "decisions", "refused", "unreadable", "unknown", "repeated", "repeatedDifferently", "withoutLabel", "labels", "labelsRepeated"));
        Assert.Equal("2 1", Text(report.GetProperty("leftOut"), "undecided", "undecidedFrauds"));
        Assert.Equal("5 1", Text(report.GetProperty("all"), "transactions", "aucRoc"));
        Assert.Contains("1 repeated decisions differ", report.GetProperty("notes").ToString());
    }

    [Fact]
    public async Task Labels_without_times_give_no_days_and_a_file_with_data_does()
    {
        var labels = """{"transactionId":"1","accountId":"a","fraud":true}""" + "\n" + """{"accountId":"d","fraud":false,"transactionId":"\u0035","x":{"fraud":true}}""" + "\n";
        var without = await ReportAsync(Decisions, labels);

        Assert.Equal((JsonValueKind.Null, 0), (without.GetProperty("cardPrecision").ValueKind, without.GetProperty("days").GetArrayLength()));
        Assert.Contains("--data", without.GetProperty("notes").ToString());

        var data = _folder.WriteGzip("data.csv.gz", "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID\r\n1,2026-01-01 00:00:00,a\r\n5,someday,d\r\n");
        var with = await ReportAsync(Decisions, labels, "--data", data);

        Assert.Equal("1", Text(with.GetProperty("input"), "dataUnreadable"));
        Assert.Equal("1", Text(with.GetProperty("leftOut"), "withoutTime"));
        Assert.Equal("2026-01-01", Text(Assert.Single(with.GetProperty("days").EnumerateArray()), "day"));
        Assert.Contains("The time of 1 is not known", with.GetProperty("notes").ToString());
    }

    [Fact]
    public async Task Where_all_frauds_have_labels_the_rest_is_genuine()
    {
        var report = await ReportAsync(Decisions, "accountId,transactionId,fraud\nb,2,1\n", "--labels-complete");

        Assert.Equal("5 1", Text(report.GetProperty("all"), "transactions", "frauds"));
    }

    [Theory]
    [InlineData("0", "There are no frauds")]
    [InlineData("1", "There are only frauds")]
    public async Task Sets_of_one_kind_have_figures_as_far_as_they_go_and_a_note(string fraud, string note)
    {
        var plot = _folder.PathOf("plot.svg");
        var report = await ReportAsync(Decisions, $"transactionId,accountId,fraud\n1,a,{fraud}\n2,b,{fraud}\n", "--plot", plot);

        Assert.Equal(JsonValueKind.Null, report.GetProperty("all").GetProperty("aucRoc").ValueKind);
        Assert.Contains(note, report.GetProperty("notes").ToString());
        Assert.DoesNotContain("NaN", _feed.Results + await File.ReadAllTextAsync(plot));
        Assert.NotNull(XDocument.Load(plot).Root);
    }

    [Fact]
    public async Task Scores_alone_are_enough()
    {
        var report = await ReportAsync("transactionId,accountId,score\n1,a,-3.5e-2\n2,b,17\n", Labels, "--thresholds", "0, 17");

        Assert.Equal(["score >= 0", "score >= 17"], report.GetProperty("all").GetProperty("cutoffs").EnumerateArray().Select(static cutoff => Text(cutoff, "cutoff")));
        Assert.Contains("no outcomes", report.GetProperty("notes").ToString());
    }

    [Theory]
    [InlineData(Header, Labels, "", "Nothing to evaluate: of 0 decisions")]
    [InlineData(Decisions, Labels, "--from 2027-01-01", "5 outside the period")]
    [InlineData(Decisions, "transactionId,accountId,fraud\n", "", "5 of unknown transactions")]
    [InlineData(Header + "1,a,,,,,,Too late\n", Labels, "", "1 are refused")]
    [InlineData("", Labels, "", "decisions.csv is empty")]
    [InlineData(Decisions, "", "", "labels.csv is empty")]
    [InlineData("id,score\n1,2\n", Labels, "", "decisions.csv: its header names no column for transactionId or TRANSACTION_ID.")]
    [InlineData(Decisions, "transactionId,accountId\n1,a\n", "", "labels.csv: its header names no column for fraud or TX_FRAUD.")]
    [InlineData(Decisions, "transactionId,accountId,fraud\n1,a,maybe\n", "", "labels.csv: record 1: a label must have")]
    [InlineData(Decisions, "{\"transactionId\":\"1\",\"accountId\":\"a\",\"fraud\":1}\n{nonsense\n", "", "labels.csv: record 2: a label must have")]
    [InlineData(Header + "1,\"a,approve,0.1,,s@1,,\n", Labels, "", "decisions.csv: the quote that opens in record 1 is not closed.")]
    [InlineData(Decisions, "transactionId,accountId,fraud\n1,a,1\n", "--from 2026-01-01", "give the transactions with --data FILE…")]
    [InlineData(Decisions, Labels, "--data no-such-file.csv", "no-such-file.csv: there is no such file.")]
    public async Task What_can_not_be_evaluated_is_said_in_one_line(string decisions, string labels, string arguments, string message)
    {
        Assert.NotEqual(0, await RunAsync(decisions, labels, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains(message, _feed.Messages);
        Assert.Single(_feed.Messages.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--from", "12:00")]
    [InlineData("--from", "2026-01-02", "--to", "2026-01-02")]
    [InlineData("--label-delay", "7d")]
    [InlineData("--thresholds", "high")]
    [InlineData("--thresholds", ",")]
    [InlineData("--top", "0")]
    [InlineData("--format", "xml")]
    public async Task A_wrong_option_ends_with_2(params string[] arguments) => Assert.Equal(2, await RunAsync(Decisions, Labels, arguments));

    [Fact]
    public async Task The_table_fits_into_100_columns()
    {
        Assert.Equal(0, await RunAsync(Decisions, Labels, "--known-from", "2026-01-01", "--label-delay", "0d", "--top", "10000"));

        Assert.All(_feed.Results.Split('\n'), static line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains("| average precision          | 1.0000", _feed.Results);
    }

    [Fact]
    public async Task The_csv_has_every_number_of_the_json_and_goes_to_a_file()
    {
        Assert.Equal(0, await RunAsync(Decisions, Labels, "--format", "csv", "--out", _folder.PathOf("report.csv")));
        var rows = _folder.LinesOf("report.csv");

        Assert.Empty(_feed.Results);
        Assert.Equal("decisions,scope,day,cutoff,measure,value", rows[0]);
        var json = await ReportAsync(Decisions, Labels);
        Assert.Equal(Numbers(json), rows.Skip(1).Count(static row => double.TryParse(row.Split(',')[5], out _)));
        Assert.Contains(rows, static row => row.EndsWith(",dayCutoff,2026-01-02,score >= 0.8,recall,0.5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_plot_is_a_picture_of_its_own()
    {
        var plot = _folder.PathOf("plot.svg");
        await ReportAsync(Decisions, Labels, "--plot", plot);

        var svg = XDocument.Load(plot);
        Assert.Equal(["M66 112L259.3 112L356 112L356 184.5L356 228", "M448 402L448 208.7L448 112L593 112L738 112"], svg.Descendants().Where(static element => element.Name.LocalName == "path").Select(static path => path.Attribute("d")!.Value));
        Assert.DoesNotContain("href", svg.ToString());
    }

    private static string Text(JsonElement element, params string[] names) => string.Join(' ', names.Select(name => element.GetProperty(name)));

    private static int Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(static property => Numbers(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Numbers),
        JsonValueKind.Number => 1,
        _ => 0,
    };

    private async Task<JsonElement> ReportAsync(string decisions, string labels, params string[] arguments)
    {
        using var feed = new Feed();
        Assert.Equal(0, await feed.RunAsync([.. Arguments(decisions, labels), "--format", "json", .. arguments]));
        return JsonDocument.Parse(feed.Results).RootElement;
    }

    private Task<int> RunAsync(string decisions, string labels, params string[] arguments) => _feed.RunAsync([.. Arguments(decisions, labels), .. arguments]);

    private string[] Arguments(string decisions, string labels) =>
        ["evaluate", "--decisions", _folder.Write("decisions.csv", decisions), "--labels", _folder.Write("labels.csv", labels)];
}
