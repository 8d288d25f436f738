using TransactionFeed.CommandLine;

namespace FraudEngine.Tests.TransactionFeed;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("replay no-such-file.csv", "no-such-file.csv: there is no such file.")]
    [InlineData("simulate --count 1 --to nonsense", "nonsense is not an address; one looks like http://127.0.0.1:5080.")]
    [InlineData("simulate --count 1 --to http://127.0.0.1:1", "Nobody answers at http://127.0.0.1:1")]
    [InlineData("load --to http://127.0.0.1:1 --warmup 0s --duration 1s", "Nobody answers at http://127.0.0.1:1")]
    [InlineData("watch --to http://127.0.0.1:1", "Nobody answers at http://127.0.0.1:1")]
    public async Task What_can_not_be_done_is_said_in_one_line(string arguments, string message)
    {
        Assert.Equal(2, await _feed.RunAsync(arguments.Split(' ')));

        Assert.Contains(message, _feed.Messages);
        Assert.Single(_feed.Messages.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("replay --bogus")]
    [InlineData("replay x --streams 0")]
    [InlineData("replay x --speed slow")]
    [InlineData("replay x --label-genuine")]
    [InlineData("replay x --label-rest")]
    [InlineData("replay x --label-delay 7")]
    [InlineData("replay x --labels a inline")]
    [InlineData("replay x --labels")]
    [InlineData("simulate --start someday")]
    [InlineData("simulate --to http://a --out b")]
    [InlineData("load --duration 15")]
    [InlineData("load --mode fast")]
    [InlineData("load --accounts-of no-name")]
    [InlineData("watch --after 1 --from-start")]
    [InlineData("dance")]
    public async Task A_wrong_command_line_ends_with_2(string arguments) => Assert.Equal(2, await _feed.RunAsync(arguments.Split(' ')));

    [Theory]
    [InlineData("ndjson", "in.ndjson")]
    [InlineData("csv", "in.csv.gz")]
    public async Task Simulated_files_can_be_replayed(string format, string name)
    {
        await using var server = await ContractServer.StartAsync();
        var file = _folder.PathOf(name);

        Assert.Equal(0, await _feed.RunAsync("simulate", "--count", "500", "--customers", "20", "--format", format, "--out", file, "--labels", _folder.PathOf("labels.csv")));
        Assert.Equal(0, await _feed.RunAsync("replay", file, "--to", server.Url, "--out", _folder.PathOf("out.csv")));

        Assert.Equal(500, server.Ledger.Order.Count);
        Assert.Equal(KeysOf("labels.csv"), KeysOf("out.csv"));
    }

    [Fact]
    public async Task Simulated_payments_go_straight_to_an_engine()
    {
        await using var server = await ContractServer.StartAsync();

        Assert.Equal(0, await _feed.RunAsync("simulate", "--days", "2", "--customers", "50", "--to", server.Url));

        Assert.InRange(server.Ledger.Order.Count, 100, 300);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("15s", 15)]
    [InlineData("2m", 120)]
    [InlineData("1.5h", 5400)]
    [InlineData("1d", 86400)]
    public void Durations_have_a_unit(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    private IEnumerable<string> KeysOf(string name) => _folder.LinesOf(name).Skip(1).Select(line => string.Join(',', line.Split(',').Take(2)));
}
