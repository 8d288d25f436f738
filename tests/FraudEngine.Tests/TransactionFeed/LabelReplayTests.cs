using System.Globalization;
using System.Text;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Which labels a replay sends along, when, and what it says of them.</summary>
public sealed class LabelReplayTests : IDisposable
{
    private const int Count = 2_000;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, "1d", false)]
    [InlineData(5, "1d", false)]
    [InlineData(5, "90m", true)]
    [InlineData(5, "10m", true)]
    public async Task Labels_come_before_the_first_transaction_of_their_hour_and_after_all_before(int streams, string delay, bool withGenuine)
    {
        await using var server = await ContractServer.StartAsync();
        var payments = Random(seed: streams);
        var input = _folder.Write("in.csv", HandbookCsv(payments));

        Assert.Equal(0, await RunAsync(server, input, ["--streams", $"{streams}", "--labels", "inline", "--label-delay", delay, .. withGenuine ? (string[])["--label-genuine"] : []]));

        Assert.True(global::TransactionFeed.CommandLine.DurationText.TryParse(delay, out var after));
        var (expected, notDue) = Expected(payments, after, withGenuine);
        Assert.Equal(expected, InInputOrder(server.Ledger.Events, payments));
        Assert.Contains($"In = out: {Count:N0} read, {Count:N0} answered, 0 not sent.", _feed.Messages);
        AssertCounts(("labels sent", expected.Count(text => text.Contains(' ', StringComparison.Ordinal))), ("labels not due", notDue));
        Assert.Equal(payments.Select(payment => payment.Id), _folder.LinesOf("out.csv").Skip(1).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public async Task A_delay_alone_means_the_transactions_own_column_and_seven_days_are_the_default()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.csv", HandbookCsv([new("1", Start, true), new("2", Start.AddHours(25), false)]));
        Assert.Equal(0, await RunAsync(server, input, "--label-delay", "1d"));
        Assert.Equal(["1", "1 fraud", "2"], server.Ledger.Events);

        await using var other = await ContractServer.StartAsync();
        input = _folder.Write("in.csv", HandbookCsv([new("1", Start, true), new("2", Start.AddDays(7).AddSeconds(-1), false), new("3", Start.AddDays(7), false)]));
        Assert.Equal(0, await RunAsync(other, input, "--labels", "inline"));
        Assert.Equal(["1", "2", "1 fraud", "3"], other.Ledger.Events);
    }

    [Theory]
    [InlineData("""{"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00+00:00","amount":1,"fraud":true}""")]
    [InlineData("""{"fraud":1,"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}""")]
    [InlineData("transactionId,accountId,timestamp,amount,fraud\n1,a,2026-01-01T00:00:00Z,1,1")]
    public async Task Native_files_may_say_it_too(string first)
    {
        await using var server = await ContractServer.StartAsync();
        var second = first[0] == '{' ? """{"transactionId":"2","accountId":"a","timestamp":"2026-02-01T00:00:00Z","amount":1}""" : "2,a,2026-02-01T00:00:00Z,1,";
        Assert.Equal(0, await RunAsync(server, _folder.Write("in", first + "\n" + second + "\n"), "--labels", "inline"));
        Assert.Equal(["1", "1 fraud", "2"], server.Ledger.Events);
    }

    [Fact]
    public async Task Labels_of_files_count_in_their_order_and_those_without_a_transaction_are_reported()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.csv", HandbookCsv([new("1", Start, false), new("2", Start, false), new("3", Start, true), new("4", Start.AddDays(2), false)]));
        var first = _folder.Write("labels.csv", "fraud,accountId,transactionId,scenario\n1,a,1,x\n1,a,2,x\n0,a,3,\n1,a,none,x\n,a,4,\n");
        var second = _folder.WriteGzip("more.ndjson.gz", """{"transactionId":"2","accountId":"a","fraud":false}""");

        Assert.Equal(0, await RunAsync(server, input, "--labels", first, second, "--label-delay", "1d"));

        Assert.Equal(["1", "2", "3", "1 fraud", "4"], Sorted(server.Ledger.Events, 3));
        AssertCounts(("labels sent", 1), ("changed", 1), ("labels without a transaction", 1));
    }

    [Fact]
    public async Task Simulated_labels_can_be_sent()
    {
        await using var server = await ContractServer.StartAsync();
        var (data, labels) = (_folder.PathOf("payments.ndjson"), _folder.PathOf("labels.csv"));
        Assert.Equal(0, await _feed.RunAsync("simulate", "--count", "3000", "--customers", "50", "--fraud", "0.02", "--out", data, "--labels", labels));

        Assert.Equal(0, await RunAsync(server, data, "--labels", labels, "--label-rest"));

        var frauds = _folder.LinesOf("labels.csv").Skip(1).Select(line => line.Split(',')).Where(row => row[2] is "1" or "true").Select(row => row[0] + " fraud");
        Assert.Equal(frauds.Order(), server.Ledger.Events.Where(text => text.Contains(' ', StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task At_the_end_of_the_input_what_is_not_due_is_left_and_said_or_sent_where_that_is_asked_for()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.csv", HandbookCsv([new("1", Start.AddHours(1), true), new("2", Start, true)]));

        Assert.Equal(0, await RunAsync(server, input, "--labels", "inline"));
        Assert.DoesNotContain(server.Ledger.Events, text => text.Contains(' ', StringComparison.Ordinal));
        AssertCounts(("labels sent", 0), ("labels not due", 2));
        Assert.Contains("2 labels were not due yet and not sent; --label-rest sends them", _feed.Messages);

        Assert.Equal(0, await RunAsync(server, input, "--labels", "inline", "--label-rest"));
        Assert.Equal(["2 fraud", "1 fraud"], server.Ledger.Events.Skip(2));
    }

    [Fact]
    public async Task A_label_that_is_refused_is_counted_and_the_rest_goes_on()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", """
            {"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","fraud":true}
            {"transactionId":"2","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1,"fraud":true}
            {"transactionId":"3","accountId":"a","timestamp":"2026-02-01T00:00:00Z","amount":1}
            """);

        Assert.Equal(0, await RunAsync(server, input, "--labels", "inline"));

        Assert.Equal(["2", "2 fraud", "3"], server.Ledger.Events);
        AssertCounts(("labels sent", 2), ("changed", 1), ("refused: Unknown transaction", 1));
    }

    [Fact]
    public async Task A_second_replay_sends_the_same_and_says_that_it_was_known()
    {
        await using var server = await ContractServer.StartAsync();
        var payments = Random(seed: 3);
        var input = _folder.Write("in.csv", HandbookCsv(payments));
        await RunAsync(server, input, "--label-delay", "1d");
        var events = server.Ledger.Events;

        Assert.Equal(0, await RunAsync(server, input, "--label-delay", "1d"));

        Assert.Equal(events, server.Ledger.Events);
        AssertCounts(("known before", events.Count - Count));
    }

    [Theory]
    [InlineData("503")]
    [InlineData("cut")]
    [InlineData("cut at once")]
    [InlineData("truncated")]
    [InlineData("one line unavailable")]
    public async Task After_a_failure_labels_are_sent_again_and_nothing_overtakes_them(string failure)
    {
        await using var server = await ContractServer.StartAsync();
        var payments = Random(seed: 4);
        var input = _folder.Write("in.csv", HandbookCsv(payments));
        for (var i = 0; i < 2; i++)
        {
            server.LabelFaults.Enqueue(failure switch
            {
                "503" => new Fault(Status: 503),
                "cut" => new Fault(CutAfter: 3),
                "cut at once" => new Fault(CutAfter: 0),
                "truncated" => new Fault(HoldAfter: 3, Truncate: true),
                _ => new Fault(UnavailableAt: 3),
            });
        }

        Assert.Equal(0, await RunAsync(server, input, "--label-delay", "1d"));

        Assert.Equal(Expected(payments, TimeSpan.FromDays(1), withGenuine: false).Events, InInputOrder(server.Ledger.Events, payments));
        Assert.Contains("retries", _feed.Results);
        Assert.DoesNotContain("refused", _feed.Results);
        Assert.Empty(server.LabelFaults);
    }

    [Fact]
    public async Task An_engine_without_labels_ends_it_at_once()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.csv", HandbookCsv(Random(seed: 5)));
        server.LabelFaults.Enqueue(new Fault(Status: 404));

        Assert.Equal(1, await RunAsync(server, input, "--label-delay", "1d"));

        Assert.Contains("404", _feed.Messages);
        Assert.Equal(1, server.LabelRequests);
    }

    [Theory]
    [InlineData("in.csv", "transactionId,accountId,timestamp,amount\n1,a,2026-01-01T00:00:00Z,1\n", null, 2, "in.csv: its header names no column for fraud")]
    [InlineData("in.csv", "transactionId,accountId,timestamp,amount,fraud\n1,a,2026-01-01T00:00:00Z,1,maybe\n", null, 1, "transaction 1: whether it was fraud must be 1, 0, true or false")]
    [InlineData("in.ndjson", """{"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1,"fraud":"maybe"}""", null, 1, "transaction 1: fraud must be true, false, 1 or 0")]
    [InlineData("in.ndjson", """{"transactionId":"1","accountId":"a","timestamp":"soon","amount":1}""", "1,a,1", 1, "Transaction 1 of account a has a label, but no event time that can be read")]
    [InlineData("in.ndjson", """{"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}""", "1,a,yes", 1, "labels.csv: record 1: a label must have")]
    [InlineData("in.ndjson", """{"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}""", "1,,1", 1, "labels.csv: record 1: a label must have")]
    [InlineData("in.ndjson", """{"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}""", "no", 2, "no.csv: there is no such file")]
    public async Task What_is_wrong_with_labels_is_said_in_one_line(string name, string text, string? label, int exitCode, string message)
    {
        await using var server = await ContractServer.StartAsync();
        var labels = label is null ? "inline" : label == "no" ? _folder.PathOf("no.csv") : _folder.Write("labels.csv", "transactionId,accountId,fraud\n" + label + "\n");

        Assert.Equal(exitCode, await RunAsync(server, _folder.Write(name, text), "--labels", labels));

        Assert.Contains(message, _feed.Messages);
        Assert.DoesNotContain(server.Ledger.Events, static text => text.Contains(' ', StringComparison.Ordinal));
    }

    private Task<int> RunAsync(ContractServer server, string input, params string[] more) =>
        _feed.RunAsync(["replay", input, "--to", server.Url, "--out", _folder.PathOf("out.csv"), .. more]);

    private void AssertCounts(params (string Name, int Count)[] counts)
    {
        // The last table's, where there are several.
        var rows = _feed.Results.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 3).ToList();
        foreach (var (name, count) in counts)
        {
            Assert.Equal((name, count), (name, int.Parse(rows.Last(cells => cells[1] == name)[2].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>A few minutes apart, some days in all, now and then a little late; several accounts.</summary>
    private static List<Payment> Random(int seed)
    {
        var random = new Random(seed);
        var payments = new List<Payment>();
        var time = Start;
        for (var i = 0; i < Count; i++)
        {
            time = time.AddSeconds(random.Next(400));
            payments.Add(new Payment($"t{i}", time.AddSeconds(random.Next(8) == 0 ? -random.Next(4000) : 0), random.Next(10) == 0, $"a{random.Next(20)}"));
        }

        return payments;
    }

    private static string HandbookCsv(IReadOnlyList<Payment> payments)
    {
        var text = new StringBuilder("TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO\n");
        foreach (var (id, time, isFraud, account) in payments)
        {
            text.Append(CultureInfo.InvariantCulture, $"{id},{time:yyyy-MM-dd HH:mm:ss},{account},m,12.5,{(isFraud ? 1 : 0)},0\n");
        }

        return text.ToString();
    }

    /// <summary>By the definition: before each transaction the labels of earlier ones that fall due before the end of the latest hour so far, each once.</summary>
    private static (List<string> Events, int NotDue) Expected(IReadOnlyList<Payment> payments, TimeSpan delay, bool withGenuine)
    {
        var events = new List<string>();
        var waiting = new List<Payment>();
        var end = DateTime.MinValue;
        foreach (var payment in payments)
        {
            var ofHour = payment.Time.Date.AddHours(payment.Time.Hour + 1);
            end = ofHour > end ? ofHour : end;
            var due = waiting.Where(label => label.Time + delay < end).OrderBy(label => label.Time).ToList();
            events.AddRange(due.Select(label => $"{label.Id} {(label.IsFraud ? "fraud" : "genuine")}"));
            waiting.RemoveAll(due.Contains);
            events.Add(payment.Id);
            if (payment.IsFraud || withGenuine)
            {
                waiting.Add(payment);
            }
        }

        return (events, waiting.Count);
    }

    /// <summary>What arrived, with the transactions between two labels in the order of the input: accounts may overtake each other there.</summary>
    private static List<string> InInputOrder(IReadOnlyList<string> events, List<Payment> payments)
    {
        var place = payments.Select((payment, i) => (payment.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var sorted = new List<string>();
        var run = new List<string>();
        foreach (var text in events)
        {
            if (!text.Contains(' ', StringComparison.Ordinal))
            {
                run.Add(text);
                continue;
            }

            sorted.AddRange(run.OrderBy(id => place[id]));
            run.Clear();
            sorted.Add(text);
        }

        return [.. sorted, .. run.OrderBy(id => place[id])];
    }

    private static IEnumerable<string> Sorted(IReadOnlyList<string> events, int first) => events.Take(first).Order().Concat(events.Skip(first));

    private sealed record Payment(string Id, DateTime Time, bool IsFraud, string Account = "a");
}
