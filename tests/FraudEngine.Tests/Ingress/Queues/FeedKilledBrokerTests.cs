using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>The feed of a broker that is killed.</summary>
public sealed class FeedKilledBrokerTests
{
    [RabbitFact]
    public async Task A_killed_broker_loses_nothing_that_it_has_confirmed_and_doubles_nothing()
    {
        var broker = new FeedBroker();
        await broker.InitializeAsync();
        try
        {
            await using var host = await broker.NewHostAsync();
            await using var rig = await FeedRig.StartAsync(host.Url);

            // A broker that is killed within seconds of a queue's declaration may not know of the queue; what this is about is its messages.
            await broker.Server.ControlAsync("eval", "mnesia:sync_log(), [dets:sync(T) || T <- dets:all()], ok.");
            rig.Journal.Hold();
            var accounts = await FeedFaultTests.PublishAsync(host, accounts: 20, each: 10);
            await Eventually.ThatAsync(() => rig.Feed.Counts.Sum(counts => counts.Received) == 200, "all were delivered");
            broker.Server.Kill();
            rig.Journal.LetGo();
            await Eventually.ThatAsync(() => !rig.Feed.IsConnected, "the feed noticed");
            await broker.Server.StartAgainAsync();
            await Eventually.ThatAsync(() => rig.Feed.IsConnected, "the feed was connected again");
            await rig.UntilAcknowledgedAsync(200);
            await FeedFaultTests.AssertDecidedAsync(rig, accounts, each: 10);
            Assert.Equal(200, await rig.StoredAsync());
            await host.UntilMessagesAsync(0);
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }
}
