using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Ingress.Queues;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Replays over a real broker to a real engine.</summary>
public sealed class PublishTests(FeedBroker broker) : IClassFixture<FeedBroker>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Feed _feed = new();

    public void Dispose()
    {
        _feed.Dispose();
        _folder.Dispose();
    }

    [RabbitFact]
    public async Task A_replay_over_the_broker_leaves_the_journal_of_one_over_http()
    {
        await using var host = await broker.NewHostAsync();
        var file = PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), 3_000);
        var direct = await JournalAsync(file, [], engine => engine.Address.ToString());
        var queued = await JournalAsync(file, [$"--Broker:Url={host.Url}"], _ => host.Url.ToString());
        Assert.Equal(3_000, queued.Size.Transactions);
        Assert.Equal(direct, queued);
        Assert.Contains("In = out: 3,000 read, 3,000 confirmed by the broker, 0 not sent.", _feed.Messages, StringComparison.Ordinal);
        Assert.Contains("the engine decides them as it takes them", _feed.Messages, StringComparison.Ordinal);
        Assert.Contains("latency p99.9", _feed.Results, StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task Killed_connections_leave_the_journal_of_an_undisturbed_replay()
    {
        await using var host = await broker.NewHostAsync();
        var file = PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), 20_000);
        var calm = await JournalAsync(file, [], engine => engine.Address.ToString());
        var killing = Task.CompletedTask;
        var disturbed = await JournalAsync(
            file,
            [$"--Broker:Url={host.Url}"],
            _ =>
            {
                killing = host.Server.ControlAsync(
                    "eval", "[begin timer:sleep(300), [rabbit_networking:close_connection(C, \"test\") || C <- rabbit_networking:connections()] end || _ <- lists:seq(1, 10)].");
                return host.Url.ToString();
            },
            "--speed", "86400");
        await killing;
        Assert.Equal(calm, disturbed);
        Assert.Contains("retries", _feed.Results, StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task Simulated_payments_go_to_the_broker()
    {
        await using var host = await broker.NewHostAsync();
        await using var engine = await RunningEngine.StartAsync($"--Broker:Url={host.Url}", "--Engine:Shards=4");
        await UntilConnectedAsync(engine);
        Assert.Equal(0, await _feed.RunAsync("simulate", "--count", "500", "--customers", "20", "--to", host.Url.ToString(), "--labels", _folder.PathOf("labels.csv")));
        await UntilDecidedAsync(engine, 500);
        Assert.Equal(501, _folder.LinesOf("labels.csv").Length);
    }

    [RabbitFact]
    public async Task Without_the_engine_s_queues_the_sender_is_told_to_start_one()
    {
        await using var host = await broker.NewHostAsync();
        var file = _folder.Write("in.ndjson", Payments.Ndjson(10));
        Assert.Equal(2, await _feed.RunAsync("replay", file, "--to", host.Url.ToString()));
        Assert.Contains($"There are no queues of transactions at amqp://127.0.0.1:{host.Url.Port}{host.Url.AbsolutePath}. Start an engine with Broker:Url", _feed.Messages, StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task A_wrong_password_is_said_and_not_shown()
    {
        await using var host = await broker.NewHostAsync();
        var file = _folder.Write("in.ndjson", Payments.Ndjson(10));
        Assert.Equal(2, await _feed.RunAsync("replay", file, "--to", $"amqp://guest:s3cret@127.0.0.1:{host.Url.Port}/"));
        Assert.DoesNotContain("s3cret", _feed.Messages + _feed.Results, StringComparison.Ordinal);
        Assert.Contains("user and password", _feed.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay IN --to amqp://u:s3cret@127.0.0.1:1/ --out decisions.csv", "no --out and no --labels")]
    [InlineData("replay IN --to amqp://u:s3cret@127.0.0.1:1/ --labels inline", "no --out and no --labels")]
    [InlineData("replay IN --to amqp://u:s3cret@127.0.0.1:1/", "amqp://127.0.0.1:1/ can't be used")]
    [InlineData("replay IN --to amqp://u:s3cret@127.0.0.1:1/a/b", "not the address of a broker")]
    [InlineData("replay IN --to amqps://u:s3cret@127.0.0.1:1/ --ca nowhere.pem", "--ca: nowhere.pem can't be read")]
    [InlineData("load --to amqp://u:s3cret@127.0.0.1:1/", "Only replay and simulate")]
    [InlineData("watch --to amqp://u:s3cret@127.0.0.1:1/", "Only replay and simulate")]
    [InlineData("simulate --count 1 --to amqp://u:s3cret@127.0.0.1:1/", "amqp://127.0.0.1:1/ can't be used")]
    public async Task What_does_not_go_over_a_broker_is_said_without_the_password(string arguments, string said)
    {
        var file = _folder.Write("in.ndjson", Payments.Ndjson(10));
        Assert.Equal(2, await _feed.RunAsync(arguments.Replace("IN", file, StringComparison.Ordinal).Split(' ')));
        Assert.DoesNotContain("s3cret", _feed.Messages + _feed.Results, StringComparison.Ordinal);
        if (!said.StartsWith("no --out", StringComparison.Ordinal))
        {
            Assert.Contains(said, _feed.Messages, StringComparison.Ordinal);
        }
    }

    private static Task UntilConnectedAsync(RunningEngine engine) => Eventually.ThatAsync(
        () => engine.GetAsync("/metrics").GetAwaiter().GetResult().Body.Contains("fraudengine_feed_connected 1", StringComparison.Ordinal), "the feed was connected");

    private static Task UntilDecidedAsync(RunningEngine engine, long transactions) =>
        Eventually.ThatAsync(
            () => Enum.GetValues<FraudEngine.Domain.Outcome>().Where(outcome => outcome != FraudEngine.Domain.Outcome.None).Sum(engine.Host.Engine.Count().Decided) >= transactions,
            $"{transactions} transactions were decided");

    private async Task<StoredJournal> JournalAsync(PaymentFile file, string[] options, Func<RunningEngine, string> to, params string[] arguments)
    {
        await using var engine = new RunningEngine { Options = ["--Engine:Shards=4", .. options] };
        engine.Clock.RunsTimers = true;
        await engine.InitializeAsync();
        if (options.Length > 0)
        {
            await UntilConnectedAsync(engine);
        }

        Assert.True(await _feed.RunAsync(["replay", file.Path, "--format", file.Format, "--to", to(engine), .. arguments]) == 0, _feed.Messages);
        await UntilDecidedAsync(engine, file.Accounts.Count);
        await engine.StopAsync();
        return await StoredJournal.ReadAsync(engine.DataDirectory, file.Accounts);
    }
}
