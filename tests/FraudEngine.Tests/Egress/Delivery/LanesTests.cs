using FraudEngine.Domain;
using FraudEngine.Egress.Delivery;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Egress.Delivery;

/// <summary>What of an account's alerts goes out when, and with which others.</summary>
public sealed class LanesTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Hour = TimeSpan.TicksPerHour;

    private static readonly Grouping Groups = new(TimeSpan.FromSeconds(10), 2, 3);

    [Fact]
    public void Without_grouping_each_alert_is_a_message_and_one_of_an_account_is_under_way()
    {
        var lanes = Of(Grouping.None, ("a", 1, 0), ("a", 2, 0), ("b", 3, 0));
        var first = lanes.Take(0)!;
        var other = lanes.Take(0)!;
        Assert.Equal(("a1", "b3"), (Show(first), Show(other)));
        Assert.Null(lanes.Take(long.MaxValue / 2));
        lanes.End(first, isDelivered: true, 0);
        Assert.Equal("a2", Show(lanes.Take(0)));
        Assert.Equal(2, lanes.Count);
    }

    [Fact]
    public void What_failed_goes_before_the_rest_of_its_account_and_no_other_account_waits_for_it()
    {
        var lanes = Of(Grouping.None, ("a", 1, 0), ("a", 2, 0), ("b", 3, 0));
        var first = lanes.Take(0)!;
        first.Items[0].DueTicks = Second;
        lanes.PutBack(first, first.Items);
        Assert.Equal("b3", Show(lanes.Take(0)));
        Assert.Null(lanes.Take(Second - 1));
        Assert.Equal(Second, lanes.NextTicks);
        Assert.Equal("a1", Show(lanes.Take(Second)));
    }

    [Fact]
    public void A_message_is_all_that_waits_once_the_first_is_due_up_to_a_maximum()
    {
        var lanes = Of(Groups, ("a", 1, 10), ("a", 2, 12), ("a", 3, 14), ("a", 4, 15));
        Assert.Null(lanes.Take((10 * Second) - 1));
        var message = lanes.Take(10 * Second)!;
        Assert.Equal("a1 a2 a3", Show(message));
        lanes.End(message, isDelivered: true, 10 * Second);
        Assert.Null(lanes.Take((15 * Second) - 1));
        Assert.Equal("a4", Show(lanes.Take(15 * Second)));
    }

    [Fact]
    public void An_urgent_alert_takes_along_what_waits_before_it_and_counts_not_in_its_hour()
    {
        var lanes = Of(Groups, ("a", 1, 100));
        for (var i = 0; i < 5; i++)
        {
            lanes.Add(new LaneItem("a", 2 + i, default, 0) { DueTicks = Second, IsUrgent = true }, null);
            var message = lanes.Take(Second)!;
            Assert.Equal(i == 0 ? "a1 a2" : $"a{2 + i}", Show(message));
            lanes.End(message, isDelivered: true, Second);
        }

        lanes.Add(new LaneItem("a", 20, default, 0) { DueTicks = 2 * Second }, null);
        Assert.Equal("a20", Show(lanes.Take(2 * Second)));
    }

    [Fact]
    public void Above_the_hour_s_limit_alerts_wait_for_the_next_slot_and_none_is_dropped()
    {
        var lanes = Of(Groups);
        for (var i = 1; i <= 2; i++)
        {
            lanes.Add(new LaneItem("a", i, default, 0) { DueTicks = i * Second }, null);
            lanes.End(lanes.Take(i * Second)!, isDelivered: true, i * Second);
        }

        for (var i = 3; i <= 5; i++)
        {
            lanes.Add(new LaneItem("a", i, default, 0) { DueTicks = i * Second }, null);
        }

        Assert.Equal(Hour + Second, lanes.NextTicks);
        Assert.Null(lanes.Take(Hour + Second - 1));
        Assert.Equal("a3 a4 a5", Show(lanes.Take(Hour + Second)));
    }

    [Fact]
    public void A_lane_is_forgotten_when_nothing_waits_and_its_hour_is_over()
    {
        var lanes = Of(Groups, ("a", 1, 0));
        lanes.End(lanes.Take(0)!, isDelivered: true, 0);
        Assert.Equal(Hour, lanes.NextTicks);
        Assert.Null(lanes.Take(Hour));
        Assert.Equal(long.MaxValue, lanes.NextTicks);
        Assert.Equal((0, 0L), (lanes.Count, lanes.OldestTicks));
    }

    [Fact]
    public void A_clock_that_is_put_back_keeps_no_lane_in_mind_for_ever()
    {
        var lanes = Of(Groups, ("a", 1, 0), ("a", 2, 0), ("a", 3, 0), ("a", 4, 0));
        lanes.End(lanes.Take(100 * Second)!, isDelivered: true, 100 * Second);
        lanes.End(lanes.Take(50 * Second)!, isDelivered: true, 50 * Second);
        Assert.Null(lanes.Take(Hour + (50 * Second)));
        Assert.Null(lanes.Take(Hour + (100 * Second)));
        Assert.Equal(long.MaxValue, lanes.NextTicks);
    }

    [Fact]
    public void What_is_taken_up_from_the_store_waits_for_no_quiet_hours_of_another()
    {
        var lanes = Of(Groups);
        lanes.Add(new LaneItem("a", 1, default, 0) { DueTicks = 8 * Hour, Stored = Stored.Yes }, null);
        lanes.Add(new LaneItem("a", 2, default, 0) { DueTicks = Second, Stored = Stored.Yes }, null);
        lanes.Add(new LaneItem("b", 3, default, 0) { DueTicks = Hour, Stored = Stored.Yes, IsBackingOff = true }, null);
        lanes.Add(new LaneItem("b", 4, default, 0) { DueTicks = Second, Stored = Stored.Yes }, null);
        Assert.Equal("a1 a2", Show(lanes.Take(Second)));
        Assert.Null(lanes.Take(Hour - 1));
    }

    [Fact]
    public void What_was_due_stays_so_when_the_clock_is_put_back()
    {
        var lanes = Of(Grouping.None, ("a", 1, 100), ("b", 2, 300));
        lanes.PutClockBack(200 * Second, 50 * Second);
        Assert.Equal("a1", Show(lanes.Take(50 * Second)));
        Assert.Null(lanes.Take(299 * Second));
    }

    [Fact]
    public void A_probe_is_what_is_due_or_else_what_has_failed_but_nothing_that_waits_for_its_time()
    {
        var lanes = Of(Grouping.None, ("a", 1, 50), ("b", 2, 40));
        Assert.Null(lanes.TakeProbe(0));
        lanes.Add(new LaneItem("c", 3, default, 0) { DueTicks = 90 * Second, IsBackingOff = true }, null);
        var probe = lanes.TakeProbe(0)!;
        Assert.Equal(("c3", true), (Show(probe), probe.IsProbe));
        lanes.PutBack(probe, probe.Items);
        lanes.Hurry(Second, TimeSpan.Zero, new Random(1));
        Assert.Equal("c3", Show(lanes.Take(Second)));
    }

    [Fact]
    public void Whatever_fails_each_account_s_alerts_are_delivered_once_and_in_order() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
    {
        var random = new Random(seed);
        var lanes = new Lanes(new Grouping(TimeSpan.Zero, random.Next(2) == 0 ? int.MaxValue : 3, random.Next(1, 5)), random.Next(5));
        var (now, position, delivered, underWay) = (0L, 0L, new List<LaneItem>(), new List<LaneMessage>());
        for (var step = 0; step < 400; step++)
        {
            now += random.Next(3) * Second;
            switch (random.Next(4))
            {
                case 0 when step < 200:
                    lanes.Add(new LaneItem($"{(char)('a' + random.Next(4))}", ++position, default, now) { DueTicks = now + (random.Next(5) * Second), IsUrgent = random.Next(9) == 0 }, null);
                    break;
                case 1:
                    underWay.AddRange(lanes.Take(now) is { } taken ? [taken] : []);
                    break;
                case 2 when underWay.Count > 0:
                    var message = underWay[random.Next(underWay.Count)];
                    underWay.Remove(message);
                    if (random.Next(3) > 0)
                    {
                        delivered.AddRange(message.Items);
                        lanes.End(message, isDelivered: true, now);
                    }
                    else
                    {
                        message.Items[0].DueTicks = now + (random.Next(5) * Second);
                        message.Items[0].IsBackingOff = true;
                        lanes.PutBack(message, message.Items);
                    }

                    break;
            }

            Assert.Equal(underWay.Count, underWay.Select(static sent => sent.Lane.Account).Distinct().Count());
        }

        for (; lanes.Count > 0; now += Hour)
        {
            foreach (var message in underWay)
            {
                delivered.AddRange(message.Items);
                lanes.End(message, isDelivered: true, now);
            }

            underWay = [.. Enumerable.Range(0, 10).Select(_ => lanes.Take(now)).OfType<LaneMessage>()];
        }

        Assert.Equal(position, delivered.Count);
        Assert.All(delivered.GroupBy(static item => item.Account), static account => Assert.Equal(account.Select(static item => item.Position).Order(), account.Select(static item => item.Position)));
    }).Check(Property.Runs(Soak.Times(200, 20_000)));

    [Fact]
    public void The_cursor_stands_before_the_first_alert_that_is_not_stored()
    {
        var ledger = new OutboxLedger(5);
        LaneItem[] items = [.. new[] { 7L, 8, 12 }.Select(static position => new LaneItem("a", position, default(AlertId), position))];
        Array.ForEach(items, ledger.Add);
        ledger.Pass(14);
        Assert.Equal(6, ledger.Cursor);
        items[1].Stored = Stored.Yes;
        Assert.Equal(6, ledger.Cursor);
        Assert.Equal([7L], ledger.TakenUpBefore(11, 10).Select(static item => item.Position));
        items[0].Stored = Stored.Yes;
        Assert.Equal(11, ledger.Cursor);
        items[2].Stored = Stored.Yes;
        Assert.Equal((14, true), (ledger.Cursor, ledger.IsEmpty));
    }

    private static Lanes Of(Grouping grouping, params (string Account, long Position, long DueSeconds)[] items)
    {
        var lanes = new Lanes(grouping, heldMax: 10);
        foreach (var (account, position, due) in items)
        {
            lanes.Add(new LaneItem(account, position, default, 0) { DueTicks = due * Second }, null);
        }

        return lanes;
    }

    private static string Show(LaneMessage? message) => message is null ? "" : string.Join(' ', message.Items.Select(static item => item.Account + item.Position));
}
