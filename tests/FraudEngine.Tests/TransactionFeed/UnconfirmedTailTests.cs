using TransactionFeed.Broker;
using TransactionFeed.Input;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>What is published and not confirmed.</summary>
public sealed class UnconfirmedTailTests
{
    private readonly List<TransactionRecord> _confirmed = [];

    [Fact]
    public void A_confirm_of_many_takes_all_up_to_it_and_one_of_one_only_that()
    {
        var tail = Filled(6, out var records);
        tail.Confirm(4, multiple: false, _confirmed);
        Assert.Equal([records[3]], _confirmed);
        tail.Confirm(5, multiple: true, _confirmed);
        Assert.Equal([records[3], records[0], records[1], records[2], records[4]], _confirmed);
        Assert.Equal(1, tail.Count);
    }

    [Fact]
    public void A_confirm_that_comes_twice_or_for_nothing_changes_nothing()
    {
        var tail = Filled(3, out _);
        tail.Confirm(2, multiple: false, _confirmed);
        tail.Confirm(2, multiple: false, _confirmed);
        tail.Confirm(0, multiple: false, _confirmed);
        tail.Confirm(9, multiple: false, _confirmed);
        Assert.Single(_confirmed);
        Assert.Equal(2, tail.Count);
    }

    [Fact]
    public void After_a_lost_connection_the_rest_comes_again_in_its_order_and_is_numbered_anew()
    {
        var tail = Filled(5, out var records);
        tail.Confirm(2, multiple: false, _confirmed);
        tail.Confirm(4, multiple: false, _confirmed);
        Assert.Equal([records[0], records[2], records[4]], tail.Rewind());
        _confirmed.Clear();
        tail.Confirm(2, multiple: true, _confirmed);
        Assert.Equal([records[0], records[2]], _confirmed);
        Assert.Equal([records[4]], tail.Rewind());
    }

    [Fact]
    public void There_is_room_for_so_many_and_so_many_bytes_but_always_for_one()
    {
        var tail = new UnconfirmedTail(3, 100);
        Assert.True(tail.TryAdd(Record(500)));
        Assert.False(tail.TryAdd(Record(1)));
        tail.Confirm(1, multiple: true, _confirmed);
        Assert.True(tail.TryAdd(Record(1)));
        Assert.True(tail.TryAdd(Record(1)));
        Assert.True(tail.TryAdd(Record(1)));
        Assert.False(tail.TryAdd(Record(1)));

        // The first is not confirmed: what is behind it still has its place.
        tail.Confirm(3, multiple: false, _confirmed);
        Assert.False(tail.TryAdd(Record(1)));
        tail.Confirm(2, multiple: false, _confirmed);
        Assert.True(tail.TryAdd(Record(1)));
    }

    [Fact]
    public void Many_go_through_in_any_order_of_confirms()
    {
        var tail = new UnconfirmedTail(200, long.MaxValue);
        var random = new Random(3);
        var open = new List<ulong>();
        ulong published = 0;
        while (published < 10_000 || open.Count > 0)
        {
            if (published < 10_000 && tail.TryAdd(Record(10)))
            {
                open.Add(++published);
            }
            else
            {
                var at = random.Next(Math.Min(open.Count, 20));
                tail.Confirm(open[at], multiple: false, _confirmed);
                open.RemoveAt(at);
            }
        }

        Assert.Equal(10_000, _confirmed.Distinct().Count());
        Assert.Equal(0, tail.Count);
    }

    private static TransactionRecord Record(int bytes) => new() { Payload = new byte[bytes] };

    private static UnconfirmedTail Filled(int count, out TransactionRecord[] records)
    {
        var tail = new UnconfirmedTail(1000, 1_000_000);
        records = [.. Enumerable.Range(0, count).Select(_ => Record(10))];
        Assert.All(records, record => Assert.True(tail.TryAdd(record)));
        return tail;
    }
}
