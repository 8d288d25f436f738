using FraudEngine.Cluster;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Cluster;

public sealed class OwnershipPlanTests
{
    private const int Shards = 8;
    private readonly OwnershipPlan _plan = new(Shards, "a", "a1", TimeSpan.FromSeconds(4));
    private readonly ShardStanding[] _standing = new ShardStanding[Shards];
    private OwnershipSight _sight;

    public OwnershipPlanTests() =>
        _sight = new OwnershipSight(MemberState.Ready, true, true, true, _standing, [], static _ => null, static _ => false, static _ => false, []);

    [Fact]
    public void A_node_alone_takes_all_shards()
    {
        Assert.True(_plan.MustKnowHolders(_sight));
        Assert.Equal(Enumerable.Range(0, Shards), Steps(ShardStep.Take));
    }

    [Fact]
    public void A_node_takes_only_what_is_placed_there()
    {
        _sight = _sight with { ReadyOthers = ["b"] };
        Assert.Equal(Shards / 2, Steps(ShardStep.Take).Count());
    }

    [Fact]
    public void It_hands_over_what_is_placed_on_another_that_is_ready()
    {
        Array.Fill(_standing, ShardStanding.Owned);
        Assert.Empty(_plan.Decide(_sight, default));
        _sight = _sight with { ReadyOthers = ["b"] };
        Assert.Equal(Shards / 2, Steps(ShardStep.HandOver).Count());
        Assert.False(_plan.MustKnowHolders(_sight));
    }

    [Fact]
    public void Nothing_is_handed_over_to_a_node_that_does_not_take_it_yet()
    {
        Array.Fill(_standing, ShardStanding.Owned);
        _sight = _sight with { ReadyOthers = ["b", "c"], MayTake = static name => name == "c" };
        var given = Steps(ShardStep.HandOver).ToList();
        Assert.InRange(given.Count, 2, 3);
        Assert.All(given, shard => Assert.Equal("c", _plan.Placed[shard]));
    }

    [Fact]
    public void A_node_that_has_just_come_asks_who_holds_what_so_that_it_need_not_listen_for_long()
    {
        Array.Fill(_standing, ShardStanding.Owned);
        Assert.False(_plan.MustKnowHolders(_sight));
        Assert.True(_plan.MustKnowHolders(_sight with { IsSettled = false }));
    }

    [Fact]
    public void A_node_that_leaves_hands_all_over_but_only_where_there_is_somebody()
    {
        Array.Fill(_standing, ShardStanding.Owned);
        _sight = _sight with { State = MemberState.Leaving };
        Assert.Empty(_plan.Decide(_sight, default));
        _sight = _sight with { ReadyOthers = ["b"] };
        Assert.Equal(Shards, Steps(ShardStep.HandOver).Count());
    }

    [Fact]
    public void What_is_on_its_way_is_left_alone()
    {
        Array.Fill(_standing, ShardStanding.Taking);
        _standing[0] = ShardStanding.HandingOver;
        Assert.Empty(_plan.Decide(_sight, default));
    }

    [Fact]
    public void Without_the_broker_or_before_it_knows_who_is_there_it_does_nothing()
    {
        _standing[0] = ShardStanding.Owned;
        _sight = _sight with { ReadyOthers = ["b", "c"], IsSettled = false, Holders = [Holder(1, "x")] };
        Assert.Empty(_plan.Decide(_sight, default));
        Assert.Empty(_plan.Decide(_sight, TimeSpan.FromHours(1)));
        Assert.False(_plan.MustKnowHolders(_sight with { IsConnected = false }));
    }

    [Fact]
    public void Without_the_database_it_does_nothing()
    {
        _sight = _sight with { IsDatabaseThere = false };
        Assert.Empty(_plan.Decide(_sight, default));
    }

    [Fact]
    public void What_another_says_that_it_owns_is_not_taken_as_long_as_it_may_hold_it()
    {
        _sight = _sight with { OwnerOf = static shard => shard == 3 ? "b1" : null, IsFit = static life => life == "b1" };
        Assert.DoesNotContain(3, Steps(ShardStep.Take));
        _sight = _sight with { IsFit = static _ => false };
        Assert.Contains(3, Steps(ShardStep.Take));
    }

    [Fact]
    public void A_holder_that_is_there_is_waited_for()
    {
        _sight = _sight with { Holders = [Holder(3, "b1")], IsFit = static life => life == "b1" };
        Assert.DoesNotContain(3, Steps(ShardStep.Take));
        Assert.Empty(Steps(ShardStep.Evict, 100));
    }

    [Fact]
    public void A_holder_that_fell_silent_is_evicted_at_once_and_only_once_for_all_it_holds()
    {
        _sight = _sight with { Holders = [Holder(3, "b1"), Holder(4, "b1")], WasThere = static life => life == "b1" };
        Assert.Equal([3], Steps(ShardStep.Evict));
    }

    [Fact]
    public void A_holder_that_says_that_it_can_t_reach_the_database_is_evicted_at_once()
    {
        _sight = _sight with { Holders = [Holder(3, "b1"), Holder(4, "c1")], IsApart = static life => life == "b1" };
        Assert.Equal([3], Steps(ShardStep.Evict));
    }

    [Fact]
    public void A_holder_that_was_never_heard_is_evicted_when_it_has_held_for_too_long()
    {
        _sight = _sight with { Holders = [Holder(3, "x")] };
        Assert.Empty(Steps(ShardStep.Evict, 10));
        Assert.Empty(Steps(ShardStep.Evict, 13.9));
        Assert.Equal([3], Steps(ShardStep.Evict, 14));
    }

    [Fact]
    public void A_new_session_of_an_unknown_holder_has_its_time_again()
    {
        _sight = _sight with { Holders = [Holder(3, "x")] };
        Steps(ShardStep.Evict, 10);
        _sight = _sight with { Holders = [Holder(3, "x") with { SinceTicks = 2 }] };
        Assert.Empty(Steps(ShardStep.Evict, 14));
        Assert.Equal([3], Steps(ShardStep.Evict, 18));
    }

    [Fact]
    public void What_a_former_session_of_its_own_holds_is_tried_and_then_evicted()
    {
        _sight = _sight with { Holders = [Holder(3, "a1")] };
        Assert.Contains(3, Steps(ShardStep.Take));
        Assert.Contains(3, Steps(ShardStep.Evict, 4));
    }

    private static ShardHolder Holder(int shard, string life) => new(shard, life, 77, 1);

    private IEnumerable<int> Steps(ShardStep step, double seconds = 0) =>
        _plan.Decide(_sight, TimeSpan.FromSeconds(seconds)).Where(action => action.Step == step).Select(static action => action.Shard);
}
