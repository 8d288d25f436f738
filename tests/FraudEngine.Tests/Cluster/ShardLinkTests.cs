using FraudEngine.Cluster;

namespace FraudEngine.Tests.Cluster;

public sealed class ShardLinkTests
{
    private static readonly LinkTimes Times = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)) { MessageRequestsMax = 2 };
    private readonly ShardLink<string> _link = new(Times);

    [Fact]
    public void Requests_go_in_order_in_messages_of_limited_size()
    {
        Add("a", "b", "c");
        _link.SetOwner("n");
        Assert.Equal(["a", "b"], Requests(Next(0)!));
        Assert.Null(Next(0));
        Answer(0);
        Assert.Equal(["c"], Requests(Next(0)!));
    }

    [Fact]
    public void While_it_is_not_known_who_owns_the_shard_all_wait()
    {
        Add("a");
        Assert.Null(Next(0));
        _link.SetOwner("n");
        Assert.NotNull(Next(0));
    }

    [Fact]
    public void After_the_first_answer_messages_go_without_waiting_for_others()
    {
        Add("a", "b", "c", "d", "e");
        _link.SetOwner("n");
        Next(0);
        Answer(0);
        Assert.Equal(["c", "d"], Requests(Next(0)!));
        Assert.Equal(["e"], Requests(Next(0)!));
        Assert.Equal(3, _link.Count);
    }

    [Fact]
    public void When_another_node_owns_the_shard_all_that_is_unanswered_is_sent_again_in_order()
    {
        Add("a", "b", "c");
        _link.SetOwner("n");
        var first = Next(0)!;
        var attempt = _link.Attempt;
        _link.SetOwner("m");
        var again = Next(0)!;
        Assert.Same(first, again);
        Assert.Equal(0, again.Sequence);
        Assert.True(_link.Attempt > attempt);
    }

    [Fact]
    public void What_is_given_back_is_sent_again_a_little_later_and_each_time_later()
    {
        Add("a");
        _link.SetOwner("n");
        Next(0);
        _link.GiveBack(_link.Attempt, At(0));
        Assert.Null(Next(0.009));
        Assert.NotNull(Next(0.010));
        _link.GiveBack(_link.Attempt, At(0.010));
        Assert.Null(Next(0.029));
        Assert.NotNull(Next(0.030));
        _link.SetOwner("m");
        Assert.NotNull(Next(0.030));
    }

    [Fact]
    public void What_an_earlier_attempt_is_told_does_not_disturb_the_present_one()
    {
        Add("a");
        _link.SetOwner("n");
        Next(0);
        var former = _link.Attempt;
        _link.SetOwner("m");
        Next(0);
        var present = _link.Attempt;
        _link.GiveBack(former, At(0));
        Assert.Equal(present, _link.Attempt);
    }

    [Fact]
    public void An_answer_to_an_earlier_attempt_is_as_good()
    {
        Add("a");
        _link.SetOwner("n");
        var segment = Next(0)!;
        var former = _link.Attempt;
        _link.SetOwner("m");
        Next(0);
        _link.Settle(segment, former, [true], At(0));
        Assert.True(_link.IsEmpty);
        Assert.Null(_link.Find(segment.Id));
    }

    [Fact]
    public void Of_a_message_that_was_answered_in_part_the_rest_is_asked_again()
    {
        Add("a", "b");
        _link.SetOwner("n");
        var segment = Next(0)!;
        _link.Settle(segment, _link.Attempt, [false, true], At(0));
        Assert.Null(_link.Find(segment.Id));
        Assert.Equal(["a"], Requests(Next(1)!));
    }

    [Fact]
    public void Where_no_answer_comes_it_asks_again_and_the_longer_it_takes_the_more_seldom()
    {
        Add("a");
        _link.SetOwner("n");
        Next(0);
        Assert.Null(Next(1.9));
        Assert.NotNull(Next(2));
        Assert.Null(Next(5.9));
        Assert.NotNull(Next(6));
        Assert.Null(Next(13.9));
        Assert.NotNull(Next(14));
    }

    [Fact]
    public void What_waits_too_long_is_taken_out_but_for_the_patient()
    {
        _link.Add("a", isPatient: false, At(0));
        _link.Add("b", isPatient: true, At(0));
        _link.Add("c", isPatient: false, At(1));
        _link.SetOwner("n");
        var segment = Next(1)!;
        Assert.Empty(Expired(14.9));
        Assert.Equal(["a"], Expired(15));
        Assert.Null(_link.Find(segment.Id));
        Assert.Equal(["b"], Requests(Next(15)!));
        Assert.Equal(["c"], Expired(16));
        Assert.Empty(Expired(1000));
        Assert.Equal(1, _link.Count);
    }

    [Fact]
    public void Without_an_owner_too_what_waits_too_long_is_taken_out()
    {
        Add("a");
        Assert.Equal(["a"], Expired(15));
        Assert.True(_link.IsEmpty);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static IEnumerable<string> Requests(LinkSegment<string> segment) => segment.Entries.Select(static entry => entry.Request);

    private LinkSegment<string>? Next(double seconds) => _link.Next(At(seconds));

    private void Add(params string[] requests) => Array.ForEach(requests, request => _link.Add(request, isPatient: false, At(0)));

    private List<string> Expired(double seconds)
    {
        var expired = new List<string>();
        _link.TakeExpired(At(seconds), expired);
        return expired;
    }

    /// <summary>Answers the first message.</summary>
    private void Answer(double seconds)
    {
        var segment = _link.Find(1)!;
        _link.Settle(segment, _link.Attempt, segment.Entries.Select(static _ => true).ToArray(), At(seconds));
    }
}
