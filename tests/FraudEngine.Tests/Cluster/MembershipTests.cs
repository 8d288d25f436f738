using FraudEngine.Cluster;

namespace FraudEngine.Tests.Cluster;

public sealed class MembershipTests
{
    private const int Shards = 8;
    private readonly Membership _membership = new("a", "a1", Shards, new ClusterSettings { Node = "a", HeartbeatInterval = TimeSpan.FromSeconds(1), SilenceMax = TimeSpan.FromSeconds(4) });
    private readonly Dictionary<string, long> _numbers = [];

    [Fact]
    public void A_node_that_is_heard_is_there_until_it_is_silent_for_too_long()
    {
        HearAll(0, "a1", "b1");
        HearAll(1, "a1", "b1");
        HearEach(2, 5, "a1");
        Assert.Empty(_membership.Judge(At(5)));
        Hear("a1", 5.1);
        Assert.Equal("silent", Assert.Single(_membership.Judge(At(5.1))).How);
        Assert.Empty(_membership.Others);
    }

    [Fact]
    public void A_node_that_does_not_hear_itself_judges_nobody()
    {
        HearAll(0, "a1", "b1");
        Assert.Empty(_membership.Judge(At(20)));

        // And when it hears itself again, the others have their time.
        Hear("a1", 20);
        HearEach(21, 24, "a1");
        Assert.Empty(_membership.Judge(At(24)));
        Hear("a1", 24.1);
        Assert.Single(_membership.Judge(At(24.1)));
    }

    [Fact]
    public void After_the_connection_was_gone_it_judges_nobody_before_it_has_listened_again()
    {
        HearEach(0, 10, "a1", "b1");
        _membership.Disconnected();
        Assert.False(_membership.IsHearing(At(10)));
        Hear("a1", 30);
        HearEach(31, 34, "a1");
        Assert.Empty(_membership.Judge(At(34)));
        Assert.False(_membership.IsSettled(At(34), null));
        HearEach(35, 36, "a1");
        Assert.True(_membership.IsSettled(At(36), null));
        Assert.Single(_membership.Judge(At(36)));
    }

    [Fact]
    public void It_is_settled_early_where_all_who_hold_shards_are_known()
    {
        Assert.False(_membership.IsSettled(At(0), []));
        HearEach(0, 2, "a1");
        Assert.True(_membership.IsSettled(At(2), []));
        Assert.True(_membership.IsSettled(At(2), ["a1"]));
        Assert.False(_membership.IsSettled(At(2), null));
        Assert.False(_membership.IsSettled(At(2), ["b1"]));
        Hear("b1", 2);
        Assert.True(_membership.IsSettled(At(2), ["b1"]));
        Assert.False(_membership.IsSettled(At(2), ["b1", "c1"]));
        HearEach(3, 5, "a1");
        Assert.True(_membership.IsSettled(At(5), ["c1"]));
    }

    [Fact]
    public void Whoever_said_last_that_it_owns_a_shard_owns_it()
    {
        Hear("b1", 0, owned: [1, 2]);
        Hear("c1", 0, owned: [3]);
        Assert.Equal("b1", _membership.OwnerOf(2));
        Assert.Null(_membership.OwnerOf(4));
        Hear("c1", 1, owned: [2, 3]);
        Assert.Equal("c1", _membership.OwnerOf(2));
        Hear("b1", 1, owned: [1, 2]);
        Assert.Equal("c1", _membership.OwnerOf(2));
        Hear("c1", 2, owned: [3]);
        Assert.Equal("b1", _membership.OwnerOf(2));
        Hear("b1", 2, owned: [1]);
        Assert.Null(_membership.OwnerOf(2));
    }

    [Fact]
    public void An_older_heartbeat_that_comes_late_changes_nothing()
    {
        var late = Beat("b1", [1]);
        Hear("b1", 0, owned: [2]);
        Assert.Equal(Heard.Nothing, _membership.Hear(late, At(1)));
        Assert.Null(_membership.OwnerOf(1));
    }

    [Fact]
    public void A_node_that_is_gone_owns_nothing()
    {
        Hear("b1", 0, owned: [1]);
        HearEach(0, 5, "a1");
        Assert.Single(_membership.Judge(At(5)));
        Assert.Null(_membership.OwnerOf(1));
    }

    [Fact]
    public void What_changes_is_said()
    {
        Assert.Equal("b", Hear("b1", 0).Joined!.Name);
        Assert.Equal(Heard.Nothing, Hear("b1", 1));
        Assert.True(Hear("b1", 2, owned: [1]).IsChange);
        Assert.True(Hear("b1", 3, MemberState.Leaving, [1]).IsChange);
        Assert.True(Hear("b1", 4, MemberState.Leaving, [1], connection: 2).IsReconnect);
    }

    [Fact]
    public void Nodes_that_leave_or_are_apart_get_no_shards()
    {
        Hear("b1", 0, MemberState.Leaving);
        Hear("c1", 0, MemberState.Apart);
        Hear("d1", 0, MemberState.Starting);
        Hear("e1", 0);
        Hear("f1", 0, MemberState.Joining);
        Assert.Equal(["e", "f"], _membership.ReadyOthers());
        Assert.True(_membership.IsFit("b1"));
        Assert.True(_membership.IsFit("f1"));
        Assert.False(_membership.IsFit("c1"));
        Assert.False(_membership.IsFit("x1"));
    }

    [Fact]
    public void When_a_node_starts_again_its_former_life_counts_no_more()
    {
        Hear("b1", 0, owned: [1]);
        Hear("b2", 1);
        Assert.False(_membership.IsFit("b1"));
        Assert.True(_membership.IsFit("b2"));
        Assert.Equal(["b"], _membership.ReadyOthers());
        HearEach(1, 6, "a1", "b2");
        Assert.Equal("restarted", Assert.Single(_membership.Judge(At(6))).How);
    }

    [Fact]
    public void This_nodes_own_former_life_may_hold_nothing_and_a_later_one_takes_its_place()
    {
        Hear("a0", 0, owned: [1], started: 10);
        Assert.False(_membership.IsFit("a0"));
        Assert.False(_membership.IsSelfSuperseded(20));
        Assert.True(_membership.IsSelfSuperseded(5));
    }

    [Fact]
    public void A_node_with_another_number_of_shards_is_not_listened_to()
    {
        Assert.Equal(Heard.Nothing, _membership.Hear(Beat("b1", []) with { Shards = Shards + 1 }, At(0)));
        Assert.Empty(_membership.Others);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void HearAll(double seconds, params string[] lives) => Array.ForEach(lives, life => Hear(life, seconds));

    private void HearEach(int from, int to, params string[] lives)
    {
        for (var second = from; second <= to; second++)
        {
            HearAll(second, lives);
        }
    }

    private Heard Hear(string life, double seconds, MemberState state = MemberState.Ready, int[]? owned = null, long connection = 1, long started = 1) =>
        _membership.Hear(Beat(life, owned ?? []) with { State = state, Connection = connection, StartedTicks = started }, At(seconds));

    private Heartbeat Beat(string life, int[] owned)
    {
        _numbers[life] = _numbers.GetValueOrDefault(life) + 1;
        return new Heartbeat(life, life[..^1], "", MemberState.Ready, _numbers[life], 1, 1, Shards, Heartbeat.BitsOf(Shards, owned.Contains), default);
    }
}
