using FraudEngine.Cluster;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>Nodes in one process, on a real PostgreSQL and a real RabbitMQ.</summary>
public sealed class ClusterTests(ClusterServers servers) : IClassFixture<ClusterServers>
{
    private const int Shards = 16;

    [ClusterFact]
    public async Task Transactions_are_answered_by_whatever_node_they_are_given_to_and_in_order()
    {
        var nodes = await StartAsync("a", "b", "c");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        for (var i = 0; i < 3; i++)
        {
            await PumpAsync(nodes, feeds, 2000);
        }

        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("", nodes);
            await feed.CheckJournalAsync(nodes[0]);
        }

        var view = nodes[0].Cluster.Describe();
        Assert.Equal(["a", "b", "c"], view.Members.Select(static member => member.Name));
        Assert.All(view.Members, static member => Assert.True(member.ForwardedPerSecond > 0));
        Assert.Equal(feeds.Sum(static feed => feed.Submitted), (await nodes[1].Journal.MeasureAsync()).Transactions);
        Assert.All(nodes, static node => Assert.Equal(0, node.Cluster.DamagedMessages));
        await EndAsync(nodes);
    }

    [ClusterFact]
    public async Task When_a_node_joins_and_another_leaves_under_load_nothing_is_lost_or_refused()
    {
        var nodes = await StartAsync("a", "b");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(nodes, feeds, 1000);
        var joining = await TestNode.StartAsync("c", _database, servers.Rabbit.Url, Shards);
        TestNode[] all = [.. nodes, joining];
        await PumpUntilAsync(nodes, feeds, () => AreEven(all), "the shards were even with a third node");
        var leaving = nodes[0].Cluster.LeaveAsync(TimeSpan.FromSeconds(20));
        await PumpUntilAsync([nodes[1]], [feeds[1]], () => leaving.IsCompleted, "the node had left");
        Assert.Equal(0, nodes[0].Owned);
        await feeds[0].UntilAllAnsweredAsync("after it left", all);
        await nodes[0].DisposeAsync();
        await PumpAsync([nodes[1]], [feeds[1]], 500);
        await feeds[1].UntilAllAnsweredAsync("by the nodes that stayed", all);
        foreach (var feed in feeds)
        {
            Assert.Equal(0, feed.Unavailable);
            await feed.CheckJournalAsync(joining);
        }

        await EndAsync(nodes[1], joining);
    }

    [ClusterFact]
    public async Task A_node_that_dies_is_taken_over()
    {
        var nodes = await StartAsync("a", "b", "c");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(nodes, feeds, 1000);
        await nodes[2].DisposeAsync();
        TestNode[] left = nodes[..2];
        await PumpUntilAsync(left, feeds[..2], () => AreEven(left), "the shards of the dead node were taken");

        // Its clients send again what it had not answered.
        feeds[2].Again(nodes[0]);
        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("after a node died", left);
            await feed.CheckJournalAsync(nodes[0]);
        }

        await EndAsync(left);
    }

    [ClusterFact]
    public async Task A_node_that_falls_silent_but_keeps_its_session_is_evicted()
    {
        var nodes = await StartAsync("a", "b", "c");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(nodes, feeds, 500);

        // Only the part that speaks to others: its engine and its session go on.
        await nodes[2].Cluster.DisposeAsync();
        TestNode[] left = nodes[..2];
        await PumpUntilAsync(left, feeds[..2], () => AreEven(left), "its shards were taken");
        await Eventually.ThatAsync(() => left.Any(node => node.Said.Contains($"evicted {nodes[2].Life}")), "it was said");
        feeds[2].Again(nodes[1]);
        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("after a node fell silent", left);
            await feed.CheckJournalAsync(nodes[0]);
        }

        await EndAsync(nodes);
    }

    [ClusterFact]
    public async Task A_node_that_is_cut_off_from_the_broker_is_taken_over_and_comes_back()
    {
        var nodes = await StartAsync("a", "b");
        using var relay = new TcpRelay(servers.Rabbit.Port);
        var cut = await TestNode.StartAsync("c", _database, new UriBuilder(servers.Rabbit.Url) { Port = relay.Port }.Uri, Shards);
        TestNode[] all = [.. nodes, cut];
        await Eventually.ThatAsync(() => AreEven(all) && all.All(static node => node.Cluster.IsReady), "the shards were even");
        AccountFeed[] feeds = [.. all.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(all, feeds, 500);
        relay.Cut();
        await PumpUntilAsync(nodes, feeds[..2], () => AreEven(nodes) && cut.Owned == 0, "its shards were taken");
        await feeds[0].UntilAllAnsweredAsync("while a node was cut off", all);
        await Eventually.ThatAsync(() => cut.Said.Any(static said => said.StartsWith("broker lost", StringComparison.Ordinal)), "it noticed");
        relay.Mend();
        await PumpUntilAsync(all, feeds, () => AreEven(all), "it was there again");
        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("after a node was cut off", all);
            Assert.Equal(0, feed.Unavailable);
            await feed.CheckJournalAsync(nodes[0]);
        }

        await EndAsync(all);
    }

    [ClusterFact]
    public async Task A_broker_that_is_killed_and_started_again_loses_nothing()
    {
        var nodes = await StartAsync("a", "b", "c");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(nodes, feeds, 1000);
        servers.Rabbit.Kill();
        await PumpUntilAsync(nodes, feeds, () => nodes.All(static node => !node.Cluster.IsReady), "all noticed");
        Assert.True(AreEven(nodes));
        var starting = servers.Rabbit.StartAgainAsync();
        await PumpUntilAsync(nodes, feeds, () => starting.IsCompleted && nodes.All(static node => node.Cluster.IsReady), "all were ready again");
        await starting;
        await PumpAsync(nodes, feeds, 500);
        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("after the broker was killed", nodes);
            Assert.Equal(0, feed.Unavailable);
            await feed.CheckJournalAsync(nodes[0]);
        }

        Assert.All(nodes, static node => Assert.DoesNotContain(node.Said, static said => said.StartsWith("evicted", StringComparison.Ordinal)));
        await EndAsync(nodes);
    }

    [ClusterFact]
    public async Task When_the_database_was_away_all_shards_are_taken_again()
    {
        var nodes = await StartAsync("a", "b");
        AccountFeed[] feeds = [.. nodes.Select(static node => new AccountFeed(node.Name, 20))];
        await PumpAsync(nodes, feeds, 500);
        servers.Postgres.Kill();
        await Eventually.ThatAsync(() => nodes.Sum(static node => node.Owned) == 0, "the shards were given up");
        await servers.Postgres.StartAgainAsync();
        await PumpUntilAsync(nodes, feeds, () => AreEven(nodes), "they were taken again");
        foreach (var feed in feeds)
        {
            await feed.UntilAllAnsweredAsync("after the database was away", nodes);
            Assert.Equal(0, feed.Unavailable);
            await feed.CheckJournalAsync(nodes[0]);
        }

        await EndAsync(nodes);
    }

    [ClusterFact]
    public async Task News_reach_all_nodes_and_many_go_as_few()
    {
        var nodes = await StartAsync("a", "b");
        for (var i = 0; i < 1000; i++)
        {
            nodes[0].Cluster.Tell(News.Alerts);
        }

        nodes[0].Cluster.Tell(News.Settings);
        await Eventually.ThatAsync(
            () => nodes.All(static node => node.Heard.Contains(News.Alerts) && node.Heard.Contains(News.Settings)), "both heard");
        Assert.All(nodes, static node => Assert.True(node.Heard.Count < 100, $"{node.Heard.Count}"));
        await EndAsync(nodes);
    }

    private string _database = "";

    private async Task<TestNode[]> StartAsync(params string[] names)
    {
        _database = await servers.NewDatabaseAsync();
        var nodes = new List<TestNode>();
        foreach (var name in names)
        {
            nodes.Add(await TestNode.StartAsync(name, _database, servers.Rabbit.Url, Shards));
        }

        await Eventually.ThatAsync(() => AreEven([.. nodes]) && nodes.TrueForAll(static node => node.Cluster.IsReady), $"the shards were even: {string.Join("\n", nodes)}");
        return [.. nodes];
    }

    private static bool AreEven(IReadOnlyCollection<TestNode> nodes)
    {
        var counts = nodes.Select(static node => node.Owned).ToArray();
        return counts.Sum() == Shards && counts.Max() - counts.Min() <= 1;
    }

    private static Task PumpAsync(TestNode[] nodes, AccountFeed[] feeds, int more)
    {
        var until = feeds.Select(feed => feed.Submitted + more).ToArray();
        return PumpUntilAsync(nodes, feeds, () => feeds.Zip(until).All(static pair => pair.First.Submitted >= pair.Second), "so many were submitted");
    }

    /// <summary>Submits to each node what its feed has until something has come about.</summary>
    private static async Task PumpUntilAsync(TestNode[] nodes, AccountFeed[] feeds, Func<bool> condition, string what)
    {
        await Eventually.ThatAsync(
            () =>
            {
                foreach (var (node, feed) in nodes.Zip(feeds))
                {
                    feed.Pump(node);
                }

                return condition();
            },
            what);
    }

    private static async Task EndAsync(params TestNode[] nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
