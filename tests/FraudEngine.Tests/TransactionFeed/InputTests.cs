using System.Text;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace FraudEngine.Tests.TransactionFeed;

public sealed class InputTests : IDisposable
{
    private const string HandbookText = """
        TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO
        0,2018-04-01T00:00:31Z,596,3156,57.16,0,0
        1,2018-04-01 00:02:10,4961,3412,81.50,1,3
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_handbooks_rows_become_transactions_without_their_labels(bool isCompressed)
    {
        var file = isCompressed ? _folder.WriteGzip("h", HandbookText) : _folder.Write("h", HandbookText);

        var records = await ReadAsync([file]);

        Assert.Equal(
            [
                """{"transactionId":"0","timestamp":"2018-04-01T00:00:31Z","accountId":"596","terminalId":"3156","amount":57.16}""",
                """{"transactionId":"1","timestamp":"2018-04-01T00:02:10Z","accountId":"4961","terminalId":"3412","amount":81.50}""",
            ],
            records.Select(PayloadOf));
        Assert.Equal(("1", "4961"), (records[1].TransactionId, records[1].AccountId));
    }

    [Fact]
    public async Task Native_CSV_keeps_numbers_as_written_and_leaves_out_what_is_empty_or_unknown()
    {
        var file = _folder.Write("n.csv", """
            transactionId,accountId,timestamp,amount,latitude,deviceId,mood
            1,"a ""quoted"", b",2026-01-01T00:00:00+01:00,12345678901.2345,-1.50,,good
            """);

        var record = Assert.Single(await ReadAsync([file]));

        Assert.Equal("a \"quoted\", b", record.AccountId);
        Assert.Equal(
            """{"transactionId":"1","accountId":"a \u0022quoted\u0022, b","timestamp":"2026-01-01T00:00:00\u002B01:00","amount":12345678901.2345,"latitude":-1.50}""",
            PayloadOf(record));
    }

    [Fact]
    public async Task Native_JSON_is_passed_on_as_it_is_and_blank_lines_do_not_count()
    {
        var file = _folder.Write("n.json", "\uFEFF{\"transactionId\":\"1\",\"accountId\":\"a\",\"x\":{\"accountId\":\"no\"}}\r\n\n   \n{\"accountId\":\"b\", broken\n[1]");

        var records = await ReadAsync([file]);

        Assert.Equal(["""{"transactionId":"1","accountId":"a","x":{"accountId":"no"}}""", """{"accountId":"b", broken""", "[1]"], records.Select(PayloadOf));
        Assert.Equal([("1", "a"), ("", "b"), ("", "")], records.Select(record => (record.TransactionId, record.AccountId)));
    }

    [Fact]
    public async Task Bad_rows_are_not_sent_and_say_why()
    {
        var file = _folder.Write("n.csv", "transactionId,accountId,timestamp,amount\n1,a,2026-01-01T00:00:00Z,twelve\n2,a,2026-01-01T00:00:00Z\n3,a,2026-01-01T00:00:00Z,1\n");

        var records = await ReadAsync([file]);

        Assert.Equal(["amount is not a number", "3 columns instead of 4", null], records.Select(record => record.Problem));
        Assert.Equal(["1", "2", "3"], records.Select(record => record.TransactionId));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_skipped_without_keeping_it()
    {
        var file = _folder.Write("n.json", "{\"a\":1}\n{\"b\":\"" + new string('x', 200_000) + "\"}\n{\"c\":1}\n");

        Assert.Equal([null, "Longer than 16 KiB", null], (await ReadAsync([file])).Select(record => record.Problem));
    }

    [Fact]
    public async Task Files_of_several_formats_follow_one_another()
    {
        var files = (string[])[_folder.Write("a", "{\"transactionId\":\"j\",\"accountId\":\"a\"}\n"), _folder.Write("empty", ""), _folder.WriteGzip("b", HandbookText)];

        Assert.Equal(["j", "0", "1"], (await ReadAsync(files)).Select(record => record.TransactionId));
    }

    [Fact]
    public async Task Event_times_are_read_on_demand()
    {
        var file = _folder.Write("h", HandbookText);

        var record = (await ReadAsync([file], withEventTime: true))[1];

        Assert.Equal(new DateTime(2018, 4, 1, 0, 2, 10).Ticks, record.EventTicks);
    }

    [Fact]
    public async Task All_bytes_of_a_compressed_file_are_counted_in_the_end()
    {
        using var input = new InputFiles([_folder.WriteGzip("h", HandbookText)], InputFormat.None, withEventTime: false);
        while (await input.ReadAsync(CancellationToken.None) is not null)
        {
        }

        Assert.Equal(input.BytesTotal, input.BytesRead);
    }

    [Theory]
    [InlineData("hello\nworld\n", "neither JSON nor a header")]
    [InlineData("transactionId,accountId,amount\n", "names no column for timestamp")]
    public async Task A_file_of_another_kind_is_refused_with_its_name(string text, string message)
    {
        var file = _folder.Write("some.csv", text);

        var error = await Assert.ThrowsAsync<FeedException>(() => ReadAsync([file]));

        Assert.Contains("some.csv", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public async Task The_handbooks_real_file_reads_to_its_end()
    {
        if (HandbookFolder.Find() is not { } folder)
        {
            // The data set is not part of this repository.
            return;
        }

        var records = await ReadAsync([Path.Combine(folder, "transactions-2018-04.csv.gz")]);

        Assert.Equal(288_062, records.Count);
        Assert.DoesNotContain(records, record => record.Problem is not null);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-1.5e+10", true)]
    [InlineData("10.00", true)]
    [InlineData("01", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("+1", false)]
    [InlineData("1e", false)]
    [InlineData("-", false)]
    [InlineData("1 ", false)]
    [InlineData("NaN", false)]
    public void Numbers_are_those_of_JSON(string text, bool isOne) => Assert.Equal(isOne, JsonNumber.IsOne(Encoding.UTF8.GetBytes(text)));

    private static string PayloadOf(TransactionRecord record) => Encoding.UTF8.GetString(record.Payload).TrimEnd('\n');

    private static async Task<List<TransactionRecord>> ReadAsync(string[] paths, bool withEventTime = false)
    {
        using var input = new InputFiles(paths, InputFormat.None, withEventTime);
        var records = new List<TransactionRecord>();
        while (await input.ReadAsync(CancellationToken.None) is { } record)
        {
            records.Add(record);
        }

        return records;
    }
}
