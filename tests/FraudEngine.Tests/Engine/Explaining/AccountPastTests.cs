using System.Buffers;
using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine.Explaining;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Explaining;

/// <summary>The state rebuilt from the newest part of the journal decides as the state that has seen it all.</summary>
public class AccountPastTests
{
    private const int HorizonSeconds = 100;
    private const string Yaml = """
        name: past
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: all
            when: |
              count(account, 100s) > 1000 || count(account, 1s) > 1000 || sum(account.amount, 50s) > 100000 || avg(account.amount, 99s) > 1000
                || min(account.amount, 100s) > 1000 || max(account.amount, 10s) > 1000 || stddev(account.amount, 100s) > 100000
                || distinct(account.merchantId, 100s) > 100 || last(account.merchantId, 100s) == "nowhere" || last(account.amount) > 1000
                || first(account.merchantId, 100s) == "nowhere" || since(account) > duration("1000h") || count(account, 100s, merchantId == "m1") > 1000
                || sum(account.amount, 20s, amount > 50) > 100000
            score: 0.1
            text: x
        """;

    [Theory]
    [InlineData(1, 0, 1_000_000)]
    [InlineData(2, 30, 1_000_000)]
    [InlineData(3, 100, 1_000_000)]
    [InlineData(4, 500, 1_000_000)]
    [InlineData(5, 30, 1)]
    [InlineData(6, 30, 2)]
    [InlineData(7, 30, 10)]
    [InlineData(8, 200, 10)]
    public async Task A_decision_made_again_has_the_same_bytes(int seed, int latenessSeconds, int eventsMax)
    {
        var stream = new Stream(seed, latenessSeconds, eventsMax);
        stream.Pay(600, gapSecondsMax: 12);
        var replayed = 0L;
        for (var sequence = 1; sequence <= stream.Entries.Count; sequence++)
        {
            var past = stream.Past();
            Assert.Equal(stream.Entries[sequence - 1], await stream.DecideAgainAsync(past, sequence));
            replayed += past.Replayed;
        }

        // It reads as far back as is needed, not the whole account: about two transactions come in 12 seconds.
        var behind = (HorizonSeconds + (3 * latenessSeconds)) / 6 * 3;
        Assert.InRange(replayed / stream.Entries.Count, 1, Math.Max(behind, 20));
    }

    [Fact]
    public async Task More_entries_than_are_held_are_read_twice()
    {
        var stream = new Stream(9, 30, 1_000_000);
        stream.Pay(17_500, gapSecondsMax: 0);
        var past = stream.Past();
        Assert.Equal(stream.Entries[^1], await stream.DecideAgainAsync(past, stream.Entries.Count));
        Assert.Equal(17_499, past.Replayed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(599)]
    public async Task A_gap_is_told(int sequence)
    {
        var stream = new Stream(10, 30, 1_000_000);
        stream.Pay(600, gapSecondsMax: 0);
        stream.Remove(sequence);
        var reason = await Assert.ThrowsAsync<InvalidDataException>(() => stream.DecideAgainAsync(stream.Past(), 600));
        Assert.Equal($"The journal has no entry {sequence} of the account.", reason.Message);
    }

    [Fact]
    public async Task Reading_ends_when_nobody_waits_any_more()
    {
        var stream = new Stream(11, 30, 1_000_000);
        stream.Pay(10, gapSecondsMax: 0);
        await Assert.ThrowsAsync<OperationCanceledException>(() => stream.DecideAgainAsync(stream.Past(), 10, new CancellationToken(canceled: true)));
    }

    /// <summary>One account's random payments, decided by a machine that remembers all of them.</summary>
    private sealed class Stream
    {
        private static readonly byte[] Account = "a"u8.ToArray();

        private readonly Random _random;
        private readonly int _latenessSeconds;
        private readonly SimulatedStore _store = new();
        private readonly AccountMachine _machine;
        private readonly AccountState _state;
        private readonly RuleSet _rules;
        private long _newestSeconds = 1_000_000;

        public Stream(int seed, int latenessSeconds, int eventsMax)
        {
            _random = new Random(seed);
            _latenessSeconds = latenessSeconds;
            _rules = RuleSet.Parse(Yaml, "past.yaml", new WindowSettings(HorizonSeconds * TimeSpan.TicksPerSecond, latenessSeconds * TimeSpan.TicksPerSecond, eventsMax));
            _machine = new AccountMachine(_rules, 1, NamedLists.Empty);
            _state = new AccountState(_rules.Windows);
            _store.ByAccount.Add("a", []);
        }

        public List<byte[]> Entries { get; } = [];

        public void Pay(int count, int gapSecondsMax)
        {
            for (var i = 0; i < count; i++)
            {
                // Now and then nothing happens for longer than the horizon.
                _newestSeconds += _random.Next(gapSecondsMax + 1) + (gapSecondsMax > 0 && _random.Next(40) == 0 ? 150 : 0);
                var late = _random.Next(3) == 0 ? _random.Next(_latenessSeconds + 1) : 0;
                var decided = new TransactionDecided();
                decided.Transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                decided.Transaction.SetText(TransactionField.AccountId, Account);
                decided.Transaction.SetText(TransactionField.MerchantId, Encoding.UTF8.GetBytes($"m{_random.Next(4)}"));
                decided.Transaction.TimestampTicks = (_newestSeconds - late) * TimeSpan.TicksPerSecond;
                decided.Transaction.Amount = new Money(_random.Next(1, 1_000_000));
                Assert.Equal(Admissibility.Admissible, AccountMachine.CheckNew(_state, decided.Transaction));
                _machine.Decide(_state, decided);
                AccountMachine.Evolve(_state, decided);
                var entry = Bytes(decided);
                Entries.Add(entry);
                _store.ByAccount["a"].Add(new SimulatedStore.StoredRow(i + 1, Account, i + 1, 0, entry, default));
            }
        }

        public void Remove(int sequence) => _store.ByAccount["a"].RemoveAt(sequence - 1);

        public AccountPast Past() => new(new SimulatedJournal(_store), Account, 0, static () => Task.FromResult<AccountTerms?>(null));

        public async Task<byte[]> DecideAgainAsync(AccountPast past, int sequence, CancellationToken cancellation = default)
        {
            var again = new TransactionDecided();
            EntryCodec.Read(Entries[sequence - 1], Account, sequence, again);
            var state = await past.RebuildAsync(_rules.Windows, sequence, again.Transaction.TimestampTicks, again.Decision.TermsSequence, new LongTexts(), cancellation);
            new AccountMachine(_rules, 1, NamedLists.Empty).Decide(state, again);
            Assert.Equal(sequence, again.Sequence);
            return Bytes(again);
        }

        private static byte[] Bytes(TransactionDecided decided)
        {
            var bytes = new ArrayBufferWriter<byte>();
            EntryCodec.Write(bytes, decided);
            return bytes.WrittenSpan.ToArray();
        }
    }
}
