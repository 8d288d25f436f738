using FraudEngine.Egress;
using FraudEngine.Engine;
using FraudEngine.Tests.Engine.Remote;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Egress;

/// <summary>Every node publishes the alerts of all, in the order of the outbox.</summary>
public sealed class AlertFollowerTests
{
    private const string AlertsAlways = """
        name: always
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: any, when: "amount > 0", action: review, text: Any }
        """;

    private readonly SimulatedStore _store = new();

    [Fact]
    public async Task Alerts_of_all_nodes_are_published_in_the_order_of_the_outbox()
    {
        var rig = Rig();
        var journal = new SharedSimulatedJournal(_store, "other");
        var feed = new AlertFeed(journal, newestStored: 0, subscribersMax: 1);
        await using var follower = new AlertFollower(journal, feed, rig.Clock);
        follower.Wake();
        await Eventually.ThatAsync(() => feed.Raised == _store.Rows.Count, "the alerts are published");
        var (frames, _) = await feed.ReadAfterAsync(0, null, 1000);
        Assert.Equal(_store.Rows.Select(static row => row.Position), frames.Select(static frame => frame.Position));
    }

    [Fact]
    public async Task What_something_may_still_appear_below_waits_and_a_reading_that_fails_is_repeated()
    {
        var rig = Rig();
        var journal = new SharedSimulatedJournal(_store, "other");
        var feed = new AlertFeed(journal, newestStored: 0, subscribersMax: 1);
        _store.Open.Add(1);
        await using var follower = new AlertFollower(journal, feed, rig.Clock);
        var readings = 0;
        journal.ReadFails = () => Interlocked.Increment(ref readings) == 2;
        follower.Wake();
        await Eventually.ThatAsync(() => Volatile.Read(ref readings) == 1, "the follower has read");
        Assert.Equal(0, feed.Raised);
        rig.Clock.FireTimers();
        await Eventually.ThatAsync(() => Volatile.Read(ref readings) == 2, "a reading has failed");
        _store.Open.Remove(1);
        rig.Clock.FireTimers();
        await Eventually.ThatAsync(() => feed.Raised == _store.Rows.Count, "the alerts are published");
    }

    /// <summary>Two engines that have decided something.</summary>
    private ClusterRig Rig()
    {
        var rig = new ClusterRig(1, _store, new EngineSettings { Shards = 2 }, AlertsAlways, nodes: 2);
        for (var i = 0; i < 20; i++)
        {
            rig.Submit(i % 2, $"a{i}", "t", i);
        }

        rig.Settle(() => rig.Answered.Count == 20);
        return rig;
    }
}
