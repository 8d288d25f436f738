using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Rules;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Entities;

/// <summary>What a payment leaves behind for the garbage collector, from its text to its answer, in accounts whose histories have come to their length.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int BytesMax = 100;
    private const int Accounts = 200;
    private const int PaymentsPerDay = 2 * Accounts;
    private const int DaysBefore = 70;
    private const int DaysMeasured = 25;

    [Fact]
    public void A_payment_allocates_less_than_100_bytes()
    {
        var lines = new Queue<byte[]>(SimulatedLines.Of((DaysBefore + DaysMeasured) * PaymentsPerDay, Accounts, PaymentsPerDay));
        var engine = new BareEngine();
        while (lines.Count > DaysMeasured * PaymentsPerDay)
        {
            engine.Answer(lines.Dequeue());
        }

        var payments = lines.Count;
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (lines.TryDequeue(out var line))
        {
            engine.Answer(line);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)payments;
        output.WriteLine(FormattableString.Invariant($"{each:0.0} bytes a payment, of {payments}; {engine.Alerts} raised alerts"));
        Assert.InRange(engine.Alerts, 1, payments);
        Assert.InRange(each, 0, BytesMax);
    }

    /// <summary>All that the engine does with a payment on its hot path, in one thread and without I/O.</summary>
    private sealed class BareEngine
    {
        private readonly TransactionReader _reader = new([.. "EUR"u8]);
        private readonly TransactionDecided _decided = new();
        private readonly AccountMachine _machine = new(ShippedRules.Default, 1, NamedLists.Empty);
        private readonly ReasonCatalog _catalog = new();
        private readonly ArrayBufferWriter<byte> _entry = new(4096);
        private readonly ArrayBufferWriter<byte> _answer = new(4096);
        private readonly Dictionary<ulong, AccountState> _accounts = [];

        public BareEngine() => _catalog.Add(new DecidingRuleSet(1, ShippedRules.Default.Reference, ShippedRules.Default.Reasons));

        public int Alerts { get; private set; }

        public void Answer(byte[] line)
        {
            Assert.True(_reader.TryRead(line, _decided.Transaction));
            var account = Hash64.Of(_decided.Transaction.AccountId);
            if (!_accounts.TryGetValue(account, out var state))
            {
                _accounts.Add(account, state = new AccountState(ShippedRules.Default.Windows));
            }

            _decided.Identify(seed: 1);
            AccountMachine.Check(state, _decided.Transaction, _decided.IdHash);
            _machine.Decide(state, _decided);
            AccountMachine.Evolve(state, _decided);
            _entry.ResetWrittenCount();
            EntryCodec.Write(_entry, _decided);
            _answer.ResetWrittenCount();
            DecisionJson.Write(_answer, _decided.Transaction, _decided.Decision, _catalog);
            Alerts += _decided.Decision.RaisesAlert ? 1 : 0;
        }
    }
}
