using System.Text.Json;

namespace FraudEngine.Tests.TransactionFeed;

public sealed class ReplayTests : IDisposable
{
    private const int Count = 3_000;

    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Every_transaction_gets_one_row_in_the_order_of_the_input(int streams)
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));

        Assert.Equal(0, await RunAsync(server, input, "--streams", $"{streams}"));

        AssertAllRowsInOrder(input);
        Assert.Contains($"In = out: {Count:N0} read, {Count:N0} answered, 0 not sent.", _feed.Messages);
        Assert.Contains("latency p99.9", _feed.Results);
    }

    [Fact]
    public async Task An_accounts_transactions_arrive_in_the_order_of_the_input()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));

        await RunAsync(server, input, "--streams", "8");

        var sent = Keys(input).ToLookup(key => key.Account, key => key.Transaction);
        var arrived = server.Ledger.Order.ToLookup(key => key.Account, key => key.Transaction);
        Assert.Equal(sent.Count, arrived.Count);
        Assert.All(sent, account => Assert.Equal(account, arrived[account.Key]));
    }

    [Fact]
    public async Task The_number_of_streams_does_not_change_the_decisions_file()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));

        await RunAsync(server, input, "--streams", "1");
        var first = File.ReadAllBytes(_folder.PathOf("out.csv"));
        await RunAsync(server, input, "--streams", "5");

        Assert.Equal(first, File.ReadAllBytes(_folder.PathOf("out.csv")));
    }

    [Fact]
    public async Task Rows_hold_what_the_engine_answers()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", """
            {"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}
            {"transactionId":"2","accountId":"a","timestamp":"2026-01-01T00:00:01Z","amount":501}

            {"transactionId":"3","accountId":"b"}
            not JSON
            """);

        Assert.Equal(0, await RunAsync(server, input));

        Assert.Equal(
            [
                "transactionId,accountId,outcome,score,reasons,ruleSet,alertId,error",
                "1,a,approve,0,,test@1,,",
                "2,a,decline,0.95,large|very-large,test@1,al-2,",
                "3,b,,,,,,Not a transaction",
                ",,,,,,,Not a transaction",
            ],
            _folder.LinesOf("out.csv"));
        Assert.Contains("error: Not a transaction", _feed.Results);
    }

    [Fact]
    public async Task A_limit_ends_the_replay()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(100));

        Assert.Equal(0, await RunAsync(server, input, "--limit", "10"));

        Assert.Equal(11, _folder.LinesOf("out.csv").Length);
        Assert.Equal(10, server.Ledger.Order.Count);
    }

    [Fact]
    public async Task A_time_factor_lets_event_time_pass_that_much_faster()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", """
            {"transactionId":"1","accountId":"a","timestamp":"2026-01-01T00:00:00Z","amount":1}
            {"transactionId":"2","accountId":"a","timestamp":"2026-01-01T00:05:00Z","amount":1}
            """);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(0, await RunAsync(server, input, "--speed", "3000"));

        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(95), $"300 s of event time passed in {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("503")]
    [InlineData("cut")]
    [InlineData("cut at once")]
    [InlineData("truncated")]
    [InlineData("one line unavailable")]
    public async Task After_a_failure_the_unanswered_transactions_are_sent_again(string failure)
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));
        for (var i = 0; i < 2; i++)
        {
            server.Faults.Enqueue(failure switch
            {
                "503" => new Fault(Status: 503),
                "cut" => new Fault(CutAfter: 100),
                "cut at once" => new Fault(CutAfter: 0),
                "truncated" => new Fault(HoldAfter: 100, Truncate: true),
                _ => new Fault(UnavailableAt: 100),
            });
        }

        Assert.Equal(0, await RunAsync(server, input, "--streams", "2"));

        AssertAllRowsInOrder(input);
        Assert.Contains("retries", _feed.Results);
        Assert.DoesNotContain("error:", _feed.Results);
    }

    [Fact]
    public async Task It_gives_up_after_the_stated_time_and_keeps_what_it_has()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));
        server.Faults.Enqueue(new Fault(CutAfter: 10));
        for (var i = 0; i < 100; i++)
        {
            server.Faults.Enqueue(new Fault(Status: 503));
        }

        Assert.Equal(1, await RunAsync(server, input, "--streams", "1", "--give-up-after", "300ms"));

        Assert.Contains("Given up after 0.3 s without an answer", _feed.Messages);
        Assert.Contains("Told to fail", _feed.Messages);
        Assert.Contains("Incomplete", _feed.Messages);
        Assert.InRange(_folder.LinesOf("out.csv").Length, 1, 11);
    }

    [Fact]
    public async Task A_refusal_that_will_not_pass_ends_it_at_once()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(10));
        server.Faults.Enqueue(new Fault(Status: 404));

        Assert.Equal(1, await RunAsync(server, input, "--streams", "1"));

        Assert.Contains("404", _feed.Messages);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Interrupted_it_ends_with_the_rows_it_has()
    {
        await using var server = await ContractServer.StartAsync();
        var input = _folder.Write("in.ndjson", Payments.Ndjson(Count));
        server.Faults.Enqueue(new Fault(HoldAfter: 500));
        using var stop = new CancellationTokenSource();

        var run = _feed.RunAsync(["replay", input, "--to", server.Url, "--streams", "1", "--out", _folder.PathOf("out.csv")], stop.Token);
        await Eventually.ThatAsync(() => server.Ledger.Order.Count == 500, "the server had answered 500");
        await stop.CancelAsync();

        Assert.Equal(130, await run);
        var rows = _folder.LinesOf("out.csv");
        Assert.InRange(rows.Length, 1, 501);
        Assert.Equal(Keys(input).Take(rows.Length - 1).Select(key => key.Transaction), rows.Skip(1).Select(row => row.Split(',')[0]));
        Assert.Contains("elapsed", _feed.Results);
    }

    private Task<int> RunAsync(ContractServer server, string input, params string[] more) =>
        _feed.RunAsync(["replay", input, "--to", server.Url, "--out", _folder.PathOf("out.csv"), .. more]);

    private void AssertAllRowsInOrder(string input)
    {
        var rows = _folder.LinesOf("out.csv").Skip(1).Select(row => (row.Split(',')[1], row.Split(',')[0]));
        Assert.Equal(Keys(input), rows);
    }

    private static IEnumerable<(string Account, string Transaction)> Keys(string input)
    {
        foreach (var line in File.ReadLines(input))
        {
            using var json = JsonDocument.Parse(line);
            yield return (json.RootElement.GetProperty("accountId").GetString()!, json.RootElement.GetProperty("transactionId").GetString()!);
        }
    }
}
