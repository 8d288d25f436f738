using System.Text;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Ingress.Feed;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>An engine on SQLite that takes its transactions from a broker, without a web server.</summary>
internal sealed class FeedRig : IEngineEvents, IAsyncDisposable
{
    public const int Shards = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly IJournal _store;
    private int _restarts;
    private string _failure = "none";

    private FeedRig(Uri broker, FeedSettings settings)
    {
        (_store, Journal) = HeldJournal.Open(_folder.PathOf("data"));
        var rules = RuleSet.Parse(RunningEngine.Rules, "test.yaml", WindowSettings.Default);
        var number = _store.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons).GetAwaiter().GetResult();
        Engine = new DecisionEngine(
            new EngineSettings { Shards = Shards }, _store, new RulesInForce(rules, number, NamedLists.Empty), new ThreadPoolDispatcher(), new ClockOf2026(), this, (_, _, _) => { });
        Feed = new QueueFeed(broker, "test", settings, Engine, TimeProvider.System) { Failed = reason => Volatile.Write(ref _failure, reason) };
    }

    public DecisionEngine Engine { get; }

    public QueueFeed Feed { get; }

    public HeldJournal Journal { get; }

    /// <summary>How often a shard has restarted.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Starts it, consuming all queues unless told otherwise.</summary>
    public static async Task<FeedRig> StartAsync(Uri broker, FeedSettings? settings = null, params int[] shards)
    {
        var rig = new FeedRig(broker, settings ?? new FeedSettings { RetryAfter = TimeSpan.FromMilliseconds(50) });
        rig.Feed.Own(shards.Length > 0 ? shards : [.. Enumerable.Range(0, Shards)]);
        await Eventually.ThatAsync(() => rig.Feed.IsConnected, "the feed was connected");
        return rig;
    }

    public long Acknowledged => Feed.Counts.Sum(counts => counts.Acknowledged);

    public async Task UntilAcknowledgedAsync(long messages)
    {
        try
        {
            await Eventually.ThatAsync(() => Acknowledged >= messages, $"{messages} messages were acknowledged");
        }
        catch (Xunit.Sdk.XunitException waited)
        {
            Assert.Fail($"{waited.Message} There were {Acknowledged}; the connection is {(Feed.IsConnected ? "there" : "not there")}, and what failed last was: {Volatile.Read(ref _failure)}");
        }
    }

    /// <summary>How many transactions are stored.</summary>
    public async Task<long> StoredAsync() => (await _store.MeasureAsync()).Transactions;

    /// <summary>The ids of an account's transactions, in the order in which they were decided.</summary>
    public async Task<IEnumerable<string>> IdsOfAsync(string account) =>
        (await Engine.ReadEntriesAsync(Encoding.UTF8.GetBytes(account), long.MaxValue, int.MaxValue)).Reverse().Select(entry => entry.Transaction.TextString(TransactionField.TransactionId));

    public async ValueTask DisposeAsync()
    {
        Journal.Fails = false;
        Journal.LetGo();
        await Feed.DisposeAsync();
        await Engine.DisposeAsync();
        _folder.Dispose();
    }

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => Interlocked.Increment(ref _restarts);

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason)
    {
    }

    void IEngineEvents.RecoveryFailed(int shard, Exception reason)
    {
    }

    /// <summary>The day of the tests' transactions, with timers that run.</summary>
    private sealed class ClockOf2026 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
