using System.Text;
using FraudEngine.Ingress.Feed;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>The feed where connections, brokers, journals and other nodes fail.</summary>
public sealed class FeedFaultTests(FeedBroker broker) : IClassFixture<FeedBroker>
{
    [RabbitFact]
    public async Task Nothing_is_acknowledged_before_it_is_durable()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        rig.Journal.Hold();
        var accounts = await PublishAsync(host, accounts: 5, each: 4);
        await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Received) == 20, "all were delivered");
        await host.UntilMessagesAsync(20);
        Assert.Equal(0, rig.Acknowledged);
        Assert.Equal(20, rig.Feed.Counts.Sum(counts => counts.InFlight));

        rig.Journal.LetGo();
        await rig.UntilAcknowledgedAsync(20);
        await host.UntilMessagesAsync(0);
        await AssertDecidedAsync(rig, accounts, each: 4);
    }

    [RabbitFact]
    public async Task No_more_than_the_prefetch_is_taken()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url, new FeedSettings { PrefetchMax = 10 });
        rig.Journal.Hold();
        var account = Tx.NewAccount();
        for (var i = 0; i < 50; i++)
        {
            await host.PublishAsync(account, Tx.Json(account, $"t{i}"));
        }

        await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Received) == 10, "as many were delivered as may be");
        await host.UntilMessagesAsync(50);
        Assert.Equal(10, rig.Feed.Counts.Sum(counts => counts.Received));
        rig.Journal.LetGo();
        await rig.UntilAcknowledgedAsync(50);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"t{i}"), await rig.IdsOfAsync(account));
    }

    [RabbitFact]
    public async Task A_killed_connection_loses_nothing_and_doubles_nothing()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        rig.Journal.Hold();
        var accounts = await PublishAsync(host, accounts: 20, each: 10);
        await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Received) == 200, "all were delivered");
        await host.Server.ControlAsync("close_all_connections", "--vhost", host.Url.AbsolutePath[1..], "test");
        await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Redelivered) == 200, "all were delivered again");
        rig.Journal.LetGo();
        await rig.UntilAcknowledgedAsync(200);
        await AssertDecidedAsync(rig, accounts, each: 10);
        Assert.Equal(200, await rig.StoredAsync());
        await host.UntilMessagesAsync(0);
    }

    [RabbitFact]
    public async Task What_could_not_be_stored_comes_again_in_order_until_it_is()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        rig.Journal.Fails = true;
        var accounts = await PublishAsync(host, accounts: 10, each: 10);
        await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.SetBack) > 0 || rig.Restarts > 20, "storing has failed again and again");
        rig.Journal.Fails = false;
        await rig.UntilAcknowledgedAsync(100);
        await AssertDecidedAsync(rig, accounts, each: 10);
        Assert.Equal(0, rig.Feed.Counts.Sum(counts => counts.DeadLettered));
    }

    [RabbitFact]
    public async Task A_stop_waits_for_what_is_under_way_and_leaves_the_rest_in_its_order()
    {
        await using var host = await broker.NewHostAsync();
        var account = Tx.NewAccount();
        await using (var rig = await FeedRig.StartAsync(host.Url, new FeedSettings { PrefetchMax = 10 }))
        {
            rig.Journal.Hold();
            for (var i = 0; i < 50; i++)
            {
                await host.PublishAsync(account, Tx.Json(account, $"t{i}"));
            }

            await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Received) == 10, "as many were delivered as may be");
            var stop = rig.Feed.DisposeAsync().AsTask();
            Assert.False(stop.IsCompleted);
            rig.Journal.LetGo();
            await stop;
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t{i}"), await rig.IdsOfAsync(account));
        }

        await host.UntilMessagesAsync(40);
        await using var next = await FeedRig.StartAsync(host.Url);
        await next.UntilAcknowledgedAsync(40);
        Assert.Equal(Enumerable.Range(10, 40).Select(i => $"t{i}"), await next.IdsOfAsync(account));
    }

    [RabbitFact]
    public async Task A_queue_is_consumed_by_one_engine_and_by_the_other_when_that_one_is_gone()
    {
        await using var host = await broker.NewHostAsync();
        await using var first = await FeedRig.StartAsync(host.Url);
        await PublishAsync(host, accounts: 10, each: 1);
        await first.UntilAcknowledgedAsync(10);
        await using var second = await FeedRig.StartAsync(host.Url);
        await PublishAsync(host, accounts: 10, each: 1);
        await first.UntilAcknowledgedAsync(20);
        Assert.Equal(0, second.Feed.Counts.Sum(counts => counts.Received));

        first.Journal.Hold();
        var accounts = await PublishAsync(host, accounts: 10, each: 5);
        await Eventually.ThatAsync(() => first.Feed.Counts.Sum(counts => counts.Received) == 70, "all were delivered to the first");
        await first.Feed.DisposeAsync();
        await second.UntilAcknowledgedAsync(50);
        await AssertDecidedAsync(second, accounts, each: 5);
        Assert.Equal(50, second.Feed.Counts.Sum(counts => counts.Redelivered));
        await host.UntilMessagesAsync(0);
    }

    [RabbitFact]
    public async Task Queues_follow_the_ownership_of_shards_in_order()
    {
        await using var host = await broker.NewHostAsync();
        await using var first = await FeedRig.StartAsync(host.Url, null, 0, 1);
        await using var second = await FeedRig.StartAsync(host.Url, null, 2, 3);
        var account = Enumerable.Range(0, 1000).Select(i => $"moving-{i}").First(id => int.Parse(FeedHost.KeyOf(id), System.Globalization.CultureInfo.InvariantCulture) < 64);
        var sent = 0;
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                await host.PublishAsync(account, Tx.Json(account, $"t{sent++}"));
            }

            var (from, to) = round % 2 == 0 ? (first, second) : (second, first);
            from.Feed.Own(from == first ? [1] : [2, 3]);
            to.Feed.Own(to == first ? [0, 1] : [0, 2, 3]);
        }

        await Eventually.ThatAsync(() => first.Acknowledged + second.Acknowledged == sent, "all were acknowledged");
        string[][] decided = [[.. await first.IdsOfAsync(account)], [.. await second.IdsOfAsync(account)]];
        Assert.Equal(sent, decided.Sum(ids => ids.Length));
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"t{i}").Order(), decided.SelectMany(ids => ids).Order());
        Assert.All(decided, ids => Assert.Equal(ids.OrderBy(id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture)), ids));
    }

    [RabbitFact]
    public async Task A_deleted_queue_is_made_again()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var channel = await host.ChannelAsync();
        await channel.QueueDeleteAsync(TransactionQueues.QueueOf(0, FeedRig.Shards), ifUnused: false, ifEmpty: false);
        await channel.QueueDeleteAsync(TransactionQueues.Dead, ifUnused: false, ifEmpty: false);
        await Eventually.ThatAsync(
            () => channel.QueueDeclarePassiveAsync(TransactionQueues.Unrouted).GetAwaiter().GetResult().ConsumerCount == 1 && rig.Feed.IsConnected, "the queues were consumed");
        await Eventually.ThatAsync(() => IsThere(host, TransactionQueues.QueueOf(0, FeedRig.Shards)), "the queue was there again");
        await host.PublishAsync("0", Encoding.UTF8.GetBytes(Tx.Json(Tx.NewAccount(), "t")));
        await host.PublishAsync("0", "no transaction"u8.ToArray());
        await rig.UntilAcknowledgedAsync(2);
        Assert.Equal("malformed", await host.DeadReasonAsync());
    }

    internal static async Task<string[]> PublishAsync(FeedHost host, int accounts, int each)
    {
        string[] ids = [.. Enumerable.Range(0, accounts).Select(_ => Tx.NewAccount())];
        for (var i = 0; i < each; i++)
        {
            await Task.WhenAll(ids.Select(account => host.PublishAsync(account, Tx.Json(account, $"t{i}"))));
        }

        return ids;
    }

    internal static async Task AssertDecidedAsync(FeedRig rig, string[] accounts, int each)
    {
        foreach (var account in accounts)
        {
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"t{i}"), await rig.IdsOfAsync(account));
        }
    }

    private static bool IsThere(FeedHost host, string queue) => host.Server.ControlAsync("list_queues", "-p", host.Url.AbsolutePath[1..], "--no-table-headers", "name")
        .GetAwaiter().GetResult().Split('\n').Contains(queue);
}
