using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Lists;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Storage;
using FraudEngine.Trials;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>What one node has put in force, the others take over; a change on a node that has not heard of it is right all the same.</summary>
public sealed class FollowTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SimulatedStore _store = new();
    private readonly List<Node> _nodes = [];

    public async Task InitializeAsync()
    {
        for (var node = 0; node < 2; node++)
        {
            _nodes.Add(await Node.OpenAsync(_store));
        }
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Rules.Dispose();
            node.Shadows.Dispose();
            await node.Engine.DisposeAsync();
        }
    }

    [Fact]
    public async Task Rules_are_taken_over_without_another_change()
    {
        var causes = new List<string>();
        _nodes[1].Rules.Changed = (_, cause) => causes.Add(cause);
        await _nodes[0].Rules.PutAsync(Yaml(2, "count(account, 2h) > 2"), "two.yaml", RuleSetCause.Http);
        var changes = _store.RuleChanges.Count;
        await _nodes[1].Rules.FollowAsync();
        await _nodes[1].Rules.FollowAsync();
        Assert.Equal(2, _nodes[1].Engine.InForce.Rules.Version);
        Assert.Equal(_nodes[0].Engine.InForce.Number, _nodes[1].Engine.InForce.Number);
        Assert.Equal([RuleSetCause.Cluster], causes);
        Assert.Equal(changes, _store.RuleChanges.Count);
    }

    [Fact]
    public async Task What_is_in_force_here_only_can_be_put_in_force_everywhere()
    {
        await _nodes[0].Rules.PutAsync(Yaml(2, "amount > 2"), "two.yaml", RuleSetCause.Http);

        // The second node has not heard of it: to it the first version is in force.
        Assert.Equal(RulesAnswerKind.InForce, (await _nodes[1].Rules.PutAsync(Yaml(1, "amount > 1"), "one.yaml", RuleSetCause.Http)).Kind);
        await _nodes[0].Rules.FollowAsync();
        Assert.All(_nodes, static node => Assert.Equal(1, node.Engine.InForce.Rules.Version));
    }

    [Fact]
    public async Task A_roll_back_on_a_node_that_is_behind_goes_back_from_what_is_in_force()
    {
        await _nodes[0].Rules.PutAsync(Yaml(2, "amount > 2"), "two.yaml", RuleSetCause.Http);
        Assert.Equal(1, (await _nodes[1].Rules.RollBackAsync(null)).InForce.Rules.Version);
        await _nodes[0].Rules.FollowAsync();
        Assert.Equal(1, _nodes[0].Engine.InForce.Rules.Version);
    }

    [Fact]
    public async Task Nodes_that_watch_the_same_file_do_not_undo_what_came_later()
    {
        await _nodes[0].Rules.PutAsync(Yaml(2, "amount > 2"), "two.yaml", RuleSetCause.File);
        await _nodes[0].Rules.PutAsync(Yaml(3, "amount > 3"), "three.yaml", RuleSetCause.Http);
        await _nodes[1].Rules.PutAsync(Yaml(2, "amount > 2"), "two.yaml", RuleSetCause.File);
        await _nodes[0].Rules.FollowAsync();
        Assert.All(_nodes, static node => Assert.Equal(3, node.Engine.InForce.Rules.Version));
    }

    [Fact]
    public async Task A_model_is_taken_over_and_its_removal_too()
    {
        await _nodes[0].Models.PutAsync(TinyModel.Text(1, "amount", 200), RuleSetCause.Http);
        await _nodes[1].Models.FollowAsync();
        Assert.Equal(_nodes[0].Engine.InForce.Model!.Number, _nodes[1].Engine.InForce.Model!.Number);
        await _nodes[1].Models.RemoveAsync(RuleSetCause.Http);
        var changes = _store.ModelChanges.Count;
        await _nodes[0].Models.FollowAsync();
        Assert.Null(_nodes[0].Engine.InForce.Model);
        Assert.Equal(changes, _store.ModelChanges.Count);
    }

    [Fact]
    public async Task Changes_of_a_list_on_two_nodes_add_up()
    {
        await _nodes[0].Lists.PutAsync("a", Entries("x"));
        await _nodes[1].Lists.PutAsync("a", Entries("y"));
        Assert.Equal(2, _nodes[1].Lists.Find("a")!.Count);
        Assert.Equal(0, (await _nodes[0].Lists.PutAsync("a", Entries("y"))).Added);
        await _nodes[0].Lists.ReplaceAsync("a", Entries("z"));
        await _nodes[1].Lists.FollowAsync();
        Assert.All(_nodes, static node =>
        {
            Assert.Equal(3, node.Lists.Current.Version);
            Assert.Equal(1, node.Lists.Find("a")!.Count);
            Assert.True(node.Engine.InForce.Lists.Find("a").Contains(TextKey.Of("z"), 0));
        });
    }

    [Fact]
    public async Task Shadows_are_taken_over_and_their_removal_too()
    {
        await _nodes[0].Shadows.PutAsync("try", Yaml(9, "amount > 9"), "nine.yaml");
        await _nodes[1].Shadows.FollowAsync();
        var shadow = Assert.Single(_nodes[1].Shadows.All);
        Assert.Equal("test@9", shadow.RuleSet);
        await _nodes[1].Shadows.FollowAsync();
        Assert.Same(shadow, Assert.Single(_nodes[1].Shadows.All));
        await _nodes[1].Shadows.RemoveAsync("try");
        await _nodes[0].Shadows.FollowAsync();
        Assert.Empty(_nodes[0].Shadows.All);
    }

    private static string Yaml(int version, string when) => $$"""
        name: test
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: one, when: "{{when}}", score: 0.5, text: One }
        """;

    private static ListEntries Entries(params string[] texts)
    {
        var entries = new ListEntries();
        foreach (var text in texts)
        {
            Assert.Null(entries.Add(text));
        }

        return entries;
    }

    private sealed record Node(DecisionEngine Engine, RuleBook Rules, ModelBook Models, ListBook Lists, Shadows Shadows)
    {
        public static async Task<Node> OpenAsync(SimulatedStore store)
        {
            var (journal, clock) = (new SharedSimulatedJournal(store, "n"), new TestClock());
            var lists = await ListBook.OpenAsync(journal);
            var inForce = await RuleBook.OpenAsync(journal, Yaml(1, "amount > 1"), "one.yaml", lists.Current, WindowSettings.Default, clock);
            var engine = new DecisionEngine(
                new EngineSettings { Shards = 2 }, journal, inForce, new FraudEngine.Actors.ThreadPoolDispatcher(), clock, new Silent(), static (_, _, _) => { });
            lists.Changed = named => engine.PutInForceAsync(inForce => inForce with { Lists = named });
            var rules = new RuleBook(engine, journal, WindowSettings.Default, clock);
            var models = new ModelBook(rules, engine, journal, WindowSettings.Default);
            return new Node(engine, rules, models, lists, new Shadows(journal, journal, WindowSettings.Default, () => engine.InForce.Lists, clock));
        }
    }

    private sealed class Silent : IEngineEvents
    {
        public void ShardRestarted(int shard, Exception reason)
        {
        }

        public void TransactionPoisoned(int shard, Exception reason)
        {
        }

        public void RecoveryFailed(int shard, Exception reason)
        {
        }
    }
}
