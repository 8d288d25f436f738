using FraudEngine.Actors;

namespace FraudEngine.Tests.Actors;

public sealed class ShardTests
{
    private readonly SeededDispatcher _dispatcher = new(1);

    [Fact]
    public void Messages_of_one_sender_are_received_in_order()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 3);
        string[] sent = [.. Enumerable.Range(0, 10).Select(i => $"m{i}")];
        shard.Tell(sent);
        _dispatcher.RunAll();
        Assert.Equal(sent, shard.Kept);
    }

    [Fact]
    public void A_turn_takes_at_most_its_maximum_and_then_gives_way()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 3);
        shard.Tell([.. Enumerable.Range(0, 7).Select(i => $"m{i}")]);
        _dispatcher.RunOne();
        Assert.Equal(3, shard.Kept.Count);
        _dispatcher.RunAll();
        Assert.Equal(3, shard.Turns);
    }

    [Fact]
    public void Nothing_is_scheduled_when_there_is_nothing_to_do()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 3);
        shard.Tell("m");
        _dispatcher.RunAll();
        Assert.False(_dispatcher.RunOne());
        Assert.Equal(1, shard.Turns);
    }

    [Fact]
    public void A_fault_drops_the_turn_and_receives_it_again_without_the_poison()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 10);
        shard.Tell(["a", "b", "poison", "c"]);
        shard.Tell("d");
        _dispatcher.RunAll();
        Assert.Equal(["a", "b", "c", "d"], shard.Kept);
        Assert.Equal(2, shard.Faults);
    }

    [Fact]
    public void Some_messages_at_a_time_are_foreseen_before_they_are_received()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 20);
        string[] sent = [.. Enumerable.Range(0, 19).Select(i => $"m{i}")];
        shard.Tell(sent);
        _dispatcher.RunAll();
        Assert.Equal([0, 8, 16], shard.Foreseen.Select(some => some.Received));
        Assert.Equal([sent[..8], sent[8..16], sent[16..]], shard.Foreseen.Select(some => some.Messages));
    }

    [Fact]
    public void A_fault_at_the_end_of_a_turn_receives_the_turn_again()
    {
        var shard = new RecordingShard(_dispatcher, turnMax: 10) { EndTurnFaults = 1 };
        shard.Tell(["a", "b"]);
        _dispatcher.RunAll();
        Assert.Equal(["a", "b"], shard.Kept);
    }

    [Fact]
    public void A_message_told_from_many_threads_is_never_left_behind()
    {
        var shard = new RecordingShard(new ThreadPoolDispatcher(), turnMax: 16);
        const int senders = 8;
        const int each = 5_000;
        Parallel.For(0, senders, sender =>
        {
            for (var i = 0; i < each; i++)
            {
                shard.Tell($"{sender}:{i}");
            }
        });
        Assert.True(SpinWait.SpinUntil(() => shard.KeptCount == senders * each, TimeSpan.FromSeconds(20)), $"Only {shard.KeptCount} messages were received.");
        foreach (var sender in shard.Kept.GroupBy(message => message.Split(':')[0]))
        {
            Assert.Equal(Enumerable.Range(0, each), sender.Select(message => int.Parse(message.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(ulong.MaxValue, 63)]
    [InlineData(1UL << 63, 32)]
    public void A_shard_follows_from_the_upper_half_of_the_hash(ulong hash, int shard) => Assert.Equal(shard, ShardRegion<object>.IndexOf(hash, 64));

    /// <summary>Keeps what it receives at the end of each turn; faults over "poison" and refuses it the second time.</summary>
    private sealed class RecordingShard(IDispatcher dispatcher, int turnMax) : Shard<string>(0, dispatcher, turnMax)
    {
        private readonly List<string> _turn = [];
        private int _keptCount;

        public List<string> Kept { get; } = [];

        public int KeptCount => Volatile.Read(ref _keptCount);

        public int Turns { get; private set; }

        public int Faults { get; private set; }

        /// <summary>What was foreseen, and how many of the turn had been received then.</summary>
        public List<(int Received, string[] Messages)> Foreseen { get; } = [];

        public int EndTurnFaults { get; set; }

        protected override void Foresee(ReadOnlySpan<string> messages) => Foreseen.Add((_turn.Count, messages.ToArray()));

        protected override void Receive(string message)
        {
            if (message == "poison")
            {
                throw new InvalidOperationException(message);
            }

            _turn.Add(message);
        }

        protected override void EndTurn()
        {
            if (EndTurnFaults-- > 0)
            {
                throw new InvalidOperationException("end of turn");
            }

            Turns++;
            Kept.AddRange(_turn);
            Volatile.Write(ref _keptCount, Kept.Count);
            _turn.Clear();
        }

        protected override bool Restart(Exception fault, string? culprit, Queue<string> redo)
        {
            Faults++;
            _turn.ForEach(redo.Enqueue);
            _turn.Clear();
            return Faults < 2;
        }
    }
}
