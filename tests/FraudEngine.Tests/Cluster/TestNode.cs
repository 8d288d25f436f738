using System.Collections.Concurrent;
using System.Security.Cryptography;
using FraudEngine.Actors;
using FraudEngine.Cluster;
using FraudEngine.Engine;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage.Postgres;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Cluster;

/// <summary>A node of a cluster in the test's own process.</summary>
internal sealed class TestNode : IEngineEvents, IClusterEvents, IAsyncDisposable
{
    private const string Yaml = """
        name: test
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: many, when: "count(account, 1h) > 3", score: 0.5, text: Many }
          - { id: hot, when: "count(terminal, 1h) > 5", score: 0.3, text: Hot }
        """;

    private readonly PostgresJournal _journal;
    private readonly ConcurrentQueue<string> _said = new();

    private TestNode(string name, string life, PostgresJournal journal, DecisionEngine engine, Uri broker)
    {
        Name = name;
        Life = life;
        _journal = journal;
        Engine = engine;
        var settings = new ClusterSettings
        {
            Node = name,
            Url = $"http://{name}",
            HeartbeatInterval = TimeSpan.FromMilliseconds(250),
            SilenceMax = TimeSpan.FromSeconds(2),
            ForwardTimeout = TimeSpan.FromSeconds(60),
        };
        Cluster = new ClusterNode(settings, life, broker, engine, journal, TimeProvider.System, this) { Heard = news => Heard.Enqueue(news) };
    }

    public string Name { get; }

    public string Life { get; }

    public DecisionEngine Engine { get; }

    public ClusterNode Cluster { get; }

    public PostgresJournal Journal => _journal;

    public ConcurrentQueue<News> Heard { get; } = new();

    /// <summary>What an operator would have read.</summary>
    public IEnumerable<string> Said => _said;

    public int Owned => Enumerable.Range(0, Engine.Shards).Count(Engine.Owns);

    public static async Task<TestNode> StartAsync(string name, string database, Uri broker, int shards)
    {
        var life = Convert.ToHexString(RandomNumberGenerator.GetBytes(6));
        var journal = await PostgresJournal.OpenAsync(new PostgresSettings { ConnectionString = database, Life = life }, TimeProvider.System);
        var rules = RuleSet.Parse(Yaml, "test.yaml", WindowSettings.Default);
        var inForce = new RulesInForce(rules, await journal.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons), NamedLists.Empty);
        var events = new Relay();
        var engine = new DecisionEngine(
            new EngineSettings { Shards = shards }, journal, inForce, new ThreadPoolDispatcher(), TimeProvider.System, events, static (_, _, _) => { });
        var node = new TestNode(name, life, journal, engine, broker);
        events.To = node;
        node.Cluster.Join();
        return node;
    }

    /// <summary>As when its process dies: nothing is handed over.</summary>
    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Engine.DisposeAsync();
    }

    /// <summary>As when its process ends in order.</summary>
    public async Task LeaveAsync()
    {
        await Cluster.LeaveAsync(TimeSpan.FromSeconds(20));
        await DisposeAsync();
    }

    public override string ToString() => $"{Name} ({Life}): owns {Owned}, {Cluster.Describe().Members.Length} members, ready {Cluster.IsReady}; {string.Join("; ", _said)}";

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => _said.Enqueue($"shard {shard} restarted: {reason.Message}");

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => _said.Enqueue($"poison: {reason}");

    void IEngineEvents.RecoveryFailed(int shard, Exception reason) => _said.Enqueue($"recovery failed: {reason.Message}");

    void IClusterEvents.MemberJoined(string node) => _said.Enqueue($"{node} joined");

    void IClusterEvents.MemberLeft(string node, string how) => _said.Enqueue($"{node} {how}");

    void IClusterEvents.ShardsChanged(int owned, int taken, int given) => _said.Enqueue($"{owned} shards, {taken} taken, {given} given");

    void IClusterEvents.HolderEvicted(string life, int shard) => _said.Enqueue($"evicted {life}");

    void IClusterEvents.DatabaseLost() => _said.Enqueue("database lost");

    void IClusterEvents.BrokerLost(string reason) => _said.Enqueue($"broker lost: {reason}");

    void IClusterEvents.BrokerFound() => _said.Enqueue("broker found");

    private sealed class Relay : IEngineEvents
    {
        public IEngineEvents? To { get; set; }

        public void ShardRestarted(int shard, Exception reason) => To?.ShardRestarted(shard, reason);

        public void TransactionPoisoned(int shard, Exception reason) => To?.TransactionPoisoned(shard, reason);

        public void RecoveryFailed(int shard, Exception reason) => To?.RecoveryFailed(shard, reason);
    }
}
