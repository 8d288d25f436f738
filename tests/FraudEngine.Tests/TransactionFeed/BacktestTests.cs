using System.Text.Json;
using FraudEngine.Rules;
using FraudEngine.Tests.Rules;
using FraudEngine.Trials;
using FraudEngine.Windows;
using TransactionFeed.Backtest;
using TransactionFeed.Input;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>What a backtest over files reports, by hand and against itself.</summary>
public sealed class BacktestTests : IDisposable
{
    private const string Header = "transactionId,accountId,timestamp,amount,currency,fraud\n";

    private const string Candidate =
        """
        name: tried
        version: 2
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: large, when: "amount >= 100", score: 0.5, text: Large }
          - { id: twice, when: "count(account, 1h) >= 2", score: 0.3, text: Twice }
        """;

    private const string Against =
        """
        name: force
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: small, when: "amount < 20", score: 0.5, text: Small }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _folder.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task The_report_counts_what_can_be_counted_by_hand()
    {
        var report = await RunAsync(
            """
            1,a,2026-05-01T00:00:00Z,150,EUR,1
            2,a,2026-05-01T00:10:00Z,150.5,EUR,0
            3,a,2026-05-02T23:00:00Z,10,EUR,1
            3,a,2026-05-02T23:00:00Z,10,EUR,1
            3,a,2026-05-02T23:00:00Z,11,EUR,1
            4,a,2026-05-01T22:59:59Z,10,EUR,1
            5,b,2026-05-01T00:00:00Z,99.9999,USD,1
            6,b,2026-05-01T00:00:01Z,100,USD,
            7,b,nonsense,100,USD,1
            8,c,2026-05-01T00:00:00Z,200,EUR,0
            9,c,2026-05-01T00:00:00Z,200,EUR,0
            """,
            "--against", _folder.Write("against.yaml", Against));
        Assert.Equal(("tried@2", "force@1", null, 2, 3L), (report.RuleSet, report.Against, report.Lists, report.Days, report.Accounts));
        Assert.Equal(("2026-05-01T00:00:00Z", "2026-05-02T23:00:00Z"), (report.From, report.To));
        Assert.Equal(new TrialCounts(Decided: 7, Filled: 0, Resent: 1, IdReused: 1, TooLate: 1, Invalid: 1), report.Transactions);
        Assert.Equal(new OutcomeCounts(Approve: 2, Review: 2, Decline: 3), report.Outcomes);
        Assert.Equal((5L, 2.5m), (report.Alerts, report.AlertsPerDay));

        var labels = report.Labels!;
        Assert.Equal((3L, 3L, 1L), (labels.Fraud, labels.Genuine, labels.Unknown));
        Assert.Equal((1L, 2L, 3L, 0L), (labels.FraudStopped, labels.FraudPassed, labels.GenuineStopped, labels.GenuinePassed));
        Assert.Equal((0.25m, 0.333333m, 3m, 2L), (labels.Precision, labels.Recall, labels.FalsePositiveRatio, labels.CustomersWronglyDeclined));
        Assert.Equal([new("EUR", 160m), new("USD", 99.9999m)], labels.FraudAmount);
        Assert.Equal([new("EUR", 150m, 0.9375m), new("USD", 0m, 0m)], labels.FraudAmountStopped);
        Assert.Equal([new("EUR", 550.5m)], labels.GenuineAmountStopped);

        var large = report.Rules[0];
        Assert.Equal(("large", 5L, 0L, 5L, 2.5m), (large.Rule, large.Hits, large.Errors, large.Alerts, large.AlertsPerDay));
        Assert.Equal((1L, 3L, 1L, 0.25m), (large.Labels!.FraudHit, large.Labels.GenuineHit, large.Labels.UnknownHit, large.Labels.Precision));
        Assert.Equal(("twice", 3L, 0L, 3L), (report.Rules[1].Rule, report.Rules[1].Hits, report.Rules[1].Errors, report.Rules[1].Alerts));

        var difference = report.Difference!;
        Assert.Equal((7L, 6L), (difference.Compared, difference.Changed));
        Assert.Equal(
            "approve-approve 1, approve-review 2, approve-decline 3, review-approve 1, review-review 0, review-decline 0, decline-approve 0, decline-review 0, decline-decline 0",
            string.Join(", ", difference.Outcomes.Select(change => $"{change.Before}-{change.Now} {change.Count}")));
        Assert.Equal((5L, 1L, 3L, 1L), (difference.NewlyStopped.Count, difference.NewlyStopped.Fraud, difference.NewlyStopped.Genuine, difference.NewlyStopped.Unknown));
        Assert.Equal((1L, 1L, 0L, 0L), (difference.NewlyPassed.Count, difference.NewlyPassed.Fraud, difference.NewlyPassed.Genuine, difference.NewlyPassed.Unknown));
        Assert.Equal("1 2 6 8 9", string.Join(' ', difference.NewlyStopped.Examples.Select(example => example.TransactionId)));
        var passed = Assert.Single(difference.NewlyPassed.Examples);
        Assert.Equal(("3", "a", 10m, "EUR", "review", "approve"), (passed.TransactionId, passed.AccountId, passed.Amount, passed.Currency, passed.Before, passed.Now));
        Assert.Equal("small", string.Join(' ', passed.RulesBefore));
        Assert.Empty(passed.RulesNow);
    }

    [Theory]
    [InlineData("transactionId,accountId,fraud,scenario\n1,a,1,x\n2,a,0,\n")]
    [InlineData("{\"transactionId\":\"1\",\"accountId\":\"a\",\"fraud\":true}\n{\"fraud\":false,\"accountId\":\"a\",\"transactionId\":\"2\"}\n")]
    public async Task Labels_come_from_a_file_of_their_own_too(string labels)
    {
        var report = await RunAsync(
            "1,a,2026-05-01T00:00:00Z,150,EUR,\n2,a,2026-05-01T02:00:00Z,150,EUR,\n1,b,2026-05-01T02:00:00Z,150,EUR,\n", "--labels", _folder.WriteGzip("labels.gz", labels));
        Assert.Equal((1L, 1L, 1L), (report.Labels!.Fraud, report.Labels.Genuine, report.Labels.Unknown));

        var complete = await RunAsync("1,a,2026-05-01T00:00:00Z,150,EUR,\n3,a,2026-05-01T02:00:00Z,150,EUR,\n", "--labels", _folder.PathOf("labels.gz"), "--labels-complete");
        Assert.Equal((1L, 1L, 0L), (complete.Labels!.Fraud, complete.Labels.Genuine, complete.Labels.Unknown));
    }

    [Fact]
    public async Task Named_lists_are_read_from_a_directory_and_their_entries_expire()
    {
        var lists = Directory.CreateDirectory(_folder.PathOf("lists")).FullName;
        await File.WriteAllTextAsync(Path.Combine(lists, "watched.txt"), "# watched\na\n\n\"b b\"\t2026-05-01T12:00:00Z # soon\n");
        await File.WriteAllTextAsync(Path.Combine(lists, "other.txt"), "x\n");
        var report = await RunRulesAsync(
            "name: l\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules:\n  - { id: listed, when: 'accountId in list(\"watched\")', score: 0.5, text: x }\n",
            "1,a,2026-05-01T00:00:00Z,1,EUR,\n2,b b,2026-05-01T11:59:59Z,1,EUR,\n3,b b,2026-05-01T12:00:00Z,1,EUR,\n4,c,2026-05-01T00:00:00Z,1,EUR,\n",
            "--lists",
            lists);
        Assert.Equal((2L, lists), (report.Alerts, report.Lists));
        Assert.Null(report.Labels);
    }

    [Fact]
    public async Task A_list_with_a_wrong_time_is_told_by_its_line()
    {
        var lists = Directory.CreateDirectory(_folder.PathOf("lists")).FullName;
        await File.WriteAllTextAsync(Path.Combine(lists, "x.txt"), "a\nb 2026-05-01\n");
        Assert.Equal(2, await _feed.RunAsync("backtest", "--rules", _folder.Write("c.yaml", Candidate), "--data", _folder.Write("d.csv", Header), "--lists", lists));
        Assert.Contains("x.txt: line 2: the expiry must be", _feed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_is_the_same_however_many_partitions_and_blocks_there_are()
    {
        var file = _folder.PathOf("payments.ndjson");
        Assert.Equal(0, await _feed.RunAsync("simulate", "--count", "6000", "--customers", "150", "--fraud", "0.05", "--out", file, "--labels", _folder.PathOf("labels.csv")));
        var labels = LabelFile.Read(_folder.PathOf("labels.csv"), CancellationToken.None);
        Assert.Equal(6000, labels.Count);
        string? expected = null;
        foreach (var (partitions, blockBytes) in new[] { (1, 4 << 20), (2, 100_000), (7, 70_000), (13, 4 << 20) })
        {
            var settings = new TrialSettings(ShippedRules.Default, WindowSettings.Default)
            {
                Partitions = partitions,
                Against = RuleSet.Parse(Against, "against", WindowSettings.Default),
            };
            using var reader = new BlockReader([file], InputFormat.None, settings.PartitionOf, long.MaxValue);
            var result = await new BacktestRun(settings, reader, labels, decisions: null, blockBytes).RunAsync(CancellationToken.None);
            var report = TrialReportCsv.Write(TrialSummary.Of(settings, result, "force@1", null));
            Assert.Contains(",count,", report, StringComparison.Ordinal);
            expected ??= report;
            Assert.Equal(expected, report);
        }
    }

    [Fact]
    public async Task Accounts_whose_windows_are_empty_are_dropped_without_a_trace()
    {
        // 400 accounts, 3 at a time within a window and what may be late for it, which is 31 days; each comes again half a year later.
        var rows = string.Concat(Enumerable.Range(0, 800).Select(i =>
            $"{i},{i % 400},{Start.AddHours(i * 11 * 24):yyyy-MM-dd'T'HH:mm:ss'Z'},150,EUR,0\n{i},{i % 400},{Start.AddHours(i * 11 * 24):yyyy-MM-dd'T'HH:mm:ss'Z'},150,EUR,0\n"));
        var all = await RunAsync(rows);
        var few = await RunAsync(rows, "--accounts-max", "8");
        Assert.Equal(400, few.Accounts);
        Assert.Equal(800, few.Transactions.Resent);
        Assert.Equal(JsonSerializer.Serialize(all), JsonSerializer.Serialize(few));
    }

    [Theory]
    [InlineData("0 1 2 3 4 5 6 7 8", "More than 8 accounts have transactions within one window")]
    [InlineData("0 1 2 3 4 5 6 7 9000 1", "not in the order of time")]
    [InlineData("0 1 2 3 4 5 6 7 9000 9001 9002 0", "")]
    public async Task What_can_t_be_dropped_or_is_asked_for_again_ends_the_trial_clearly(string hours, string message)
    {
        // The account is the hour of its first transaction. What comes last is a file of its own: rows of one block are taken account by account.
        var settings = new TrialSettings(RuleSet.Parse(Candidate, "c", WindowSettings.Default), WindowSettings.Default) { AccountsMax = 8 };
        var rows = hours.Split(' ').Select((hour, i) =>
            $"{i},{hour},{Start.AddHours(hour == "0" && i > 0 ? 9003 : int.Parse(hour, null) + (hour == "1" && i > 1 ? 1 : 0)):yyyy-MM-dd'T'HH:mm:ss'Z'},150,EUR,0\n").ToArray();
        using var reader = new BlockReader(
            [_folder.Write("d.csv", Header + string.Concat(rows[..^1])), _folder.Write("e.csv", Header + rows[^1])], InputFormat.None, settings.PartitionOf, long.MaxValue);
        var running = new BacktestRun(settings, reader, null, null).RunAsync(CancellationToken.None);
        if (message.Length == 0)
        {
            Assert.Equal(12, TrialSummary.Of(settings, await running, null, null).Transactions.Decided);
        }
        else
        {
            Assert.Contains(message, (await Assert.ThrowsAsync<TrialException>(() => running)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("json", "\"ruleSet\": \"tried@2\"")]
    [InlineData("csv", "tried@2,rule,large,hits,1")]
    [InlineData("table", "| large |    1 |")]
    public async Task The_report_goes_to_a_file_in_three_formats(string format, string expected)
    {
        var data = _folder.Write("d.csv", Header + "1,a,2026-05-01T00:00:00Z,150,EUR,1\n");
        Assert.Equal(0, await _feed.RunAsync("backtest", "--rules", _folder.Write("c.yaml", Candidate), "--data", data, "--format", format, "--out", _folder.PathOf("report")));
        Assert.Contains(expected, await File.ReadAllTextAsync(_folder.PathOf("report")), StringComparison.Ordinal);
        Assert.Equal("", _feed.Results);
    }

    [Fact]
    public async Task A_table_fits_into_100_columns_and_shows_what_rules_came_and_went()
    {
        var data = _folder.PathOf("payments.ndjson");
        Assert.Equal(0, await _feed.RunAsync("simulate", "--count", "6000", "--customers", "150", "--fraud", "0.05", "--out", data, "--labels", _folder.PathOf("labels.csv")));
        var shipped = ShippedRules.Default.Source;
        var candidate = shipped.Replace("review: 0.5", "review: 0.3", StringComparison.Ordinal).Replace("id: amount-above-usual", "id: above", StringComparison.Ordinal);
        string[] arguments = ["--rules", _folder.Write("c.yaml", candidate), "--against", _folder.Write("a.yaml", shipped), "--data", data, "--labels", _folder.PathOf("labels.csv")];
        Assert.Equal(0, await _feed.RunAsync(["backtest", .. arguments]));
        Assert.Contains("| approve > review ", _feed.Results, StringComparison.Ordinal);
        Assert.Contains("+above", _feed.Results, StringComparison.Ordinal);
        Assert.Contains("-amount-above-usual", _feed.Results, StringComparison.Ordinal);
        Assert.DoesNotContain("| errors ", _feed.Results, StringComparison.Ordinal);
        Assert.All(_feed.Results.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Fact]
    public async Task A_report_that_is_read_again_is_the_same()
    {
        var report = await RunAsync("1,a,2026-05-01T00:00:00Z,150,EUR,1\n2,a,2026-05-01T00:10:00Z,5,EUR,0\n", "--against", _folder.Write("against.yaml", Against));
        var json = TrialReportJson.Write(report);
        Assert.Equal(json, TrialReportJson.Write(TrialReportJson.Read(JsonDocument.Parse(json).RootElement)));
    }

    [Theory]
    [InlineData("there is no such file", "--data", "nowhere.csv")]
    [InlineData("Give either --data FILE", "--journal", "--data", "d.csv")]
    [InlineData("Give either --data FILE")]
    [InlineData("--journal needs --to URL", "--journal")]
    [InlineData("--account goes with --journal only", "--data", "d.csv", "--account", "a")]
    [InlineData("--labels goes with --data only", "--journal", "--to", "http://127.0.0.1:1", "--labels", "l.csv")]
    public async Task A_wrong_command_line_is_said_at_once(string message, params string[] arguments)
    {
        // The parser of the command line writes its own errors to the process's.
        var exit = await _feed.RunAsync(["backtest", "--rules", _folder.Write("c.yaml", Candidate), .. arguments]);
        Assert.Equal(2, exit);
        Assert.True(message.StartsWith('-') || message.StartsWith('G') || _feed.Messages.Contains(message, StringComparison.Ordinal), _feed.Messages);
    }

    [Fact]
    public async Task Rules_with_an_error_are_told_with_its_place()
    {
        var rules = _folder.Write("c.yaml", Candidate.Replace("amount >= 100", "amout >= 100", StringComparison.Ordinal));
        Assert.Equal(2, await _feed.RunAsync("backtest", "--rules", rules, "--data", _folder.Write("d.csv", Header)));
        Assert.Contains("c.yaml:5:", _feed.Messages, StringComparison.Ordinal);
        Assert.Contains("'amount'", _feed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,a,2026-05-01T00:00:00Z,150,EUR,maybe\n", "record 1: whether it was fraud must be 1, 0, true or false")]
    [InlineData("1,a,2026-05-01T00:00:00Z,150,EUR,1\n\"", "")]
    public async Task A_file_that_is_broken_ends_clearly_or_is_counted(string rows, string message)
    {
        var exit = await _feed.RunAsync("backtest", "--rules", _folder.Write("c.yaml", Candidate), "--data", _folder.Write("d.csv", Header + rows));
        Assert.Equal(message.Length > 0 ? 1 : 0, exit);
        Assert.Contains(message, _feed.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_rows_are_taken_as_asked_for()
    {
        var report = await RunAsync("1,a,2026-05-01T00:00:00Z,150,EUR,1\n2,a,2026-05-01T00:00:00Z,150,EUR,1\n3,a,2026-05-01T00:00:00Z,150,EUR,1\n", "--limit", "2");
        Assert.Equal(2, report.Transactions.Decided);
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(200_000)]
    public async Task A_line_longer_than_a_block_is_refused_once(int length)
    {
        var file = _folder.Write("long.ndjson", $$"""{"accountId":"a","x":"{{new string('x', length)}}"}""" + "\n" + """{"accountId":"a","transactionId":"1","timestamp":"2026-05-01T00:00:00Z","amount":150}""");
        var settings = new TrialSettings(RuleSet.Parse(Candidate, "c", WindowSettings.Default), WindowSettings.Default);
        using var reader = new BlockReader([file], InputFormat.None, settings.PartitionOf, long.MaxValue);
        var report = TrialSummary.Of(settings, await new BacktestRun(settings, reader, null, null, blockBytes: 50_000).RunAsync(CancellationToken.None), null, null);
        Assert.Equal((1L, 1L), (report.Transactions.Invalid, report.Transactions.Decided));
    }

    private static DateTime Start { get; } = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private Task<TrialReport> RunAsync(string rows, params string[] arguments) => RunRulesAsync(Candidate, rows, arguments);

    private async Task<TrialReport> RunRulesAsync(string rules, string rows, params string[] arguments)
    {
        var output = _folder.PathOf("report.json");
        var data = _folder.WriteGzip("data.csv.gz", Header + rows);
        Assert.True(
            await _feed.RunAsync(["backtest", "--rules", _folder.Write("candidate.yaml", rules), "--data", data, "--format", "json", "--out", output, .. arguments]) == 0, _feed.Messages);
        return TrialReportJson.Read(JsonDocument.Parse(await File.ReadAllTextAsync(output)).RootElement);
    }
}
