using System.Buffers;
using FraudEngine.Engine;
using FraudEngine.Entities;

namespace FraudEngine.Tests.Engine;

/// <summary>
/// Makes every stored decision again, by the rule set that it names over a history that was kept for that rule set from the account's first transaction,
/// and compares the bytes. Knows nothing of shards, snapshots or changes.
/// </summary>
internal sealed class JournalAudit(IEnumerable<RulesInForce> rules)
{
    private readonly List<RulesInForce> _rules = [.. rules];
    private readonly Dictionary<int, AccountMachine> _machines = [];
    private readonly Dictionary<int, string> _plans = [];
    private readonly Dictionary<string, Dictionary<string, AccountState>> _accounts = [];

    /// <summary>Entries of an account come in the order of their sequence numbers. Returns the number of the rule set that decided; 0 for a label or a change.</summary>
    public int Check(byte[] accountId, long sequence, byte[] entry)
    {
        if (LabelCodec.IsLabel(entry))
        {
            var labelled = new TransactionLabelled();
            LabelCodec.Read(entry, sequence, labelled);
            foreach (var state in StatesOf(accountId).Values)
            {
                AccountMachine.Evolve(state, labelled, eventId: 0);
            }

            return 0;
        }

        if (ChangeCodec.IsChange(entry))
        {
            var changed = ChangeCodec.Read(entry, sequence);
            foreach (var state in StatesOf(accountId).Values)
            {
                AccountMachine.Evolve(state, changed);
            }

            return 0;
        }

        var decided = new TransactionDecided();
        EntryCodec.Read(entry, accountId, sequence, decided);
        var number = decided.Decision.RuleSetNumber;
        var states = StatesOf(accountId);
        MachineOf(number).Decide(states[PlanOf(number)], decided);
        var again = new ArrayBufferWriter<byte>();
        EntryCodec.Write(again, decided);
        Assert.Equal(Convert.ToHexString(entry), Convert.ToHexString(again.WrittenSpan));
        foreach (var state in states.Values)
        {
            AccountMachine.Evolve(state, decided);
        }

        return number;
    }

    private AccountMachine MachineOf(int number)
    {
        if (!_machines.TryGetValue(number, out var machine))
        {
            var rules = RulesOf(number);
            _machines[number] = machine = new AccountMachine(rules.Rules, rules.Number, rules.Lists);
        }

        return machine;
    }

    private RulesInForce RulesOf(int number) => _rules.Find(set => set.Number == number)!;

    private string PlanOf(int number)
    {
        if (!_plans.TryGetValue(number, out var plan))
        {
            _plans[number] = plan = PlanOf(RulesOf(number));
        }

        return plan;
    }

    /// <summary>Rule sets with the same windows share a history.</summary>
    private static string PlanOf(RulesInForce rules) => string.Join(';', rules.Rules.Windows.Specs);

    private Dictionary<string, AccountState> StatesOf(byte[] accountId)
    {
        var key = Convert.ToHexString(accountId);
        if (!_accounts.TryGetValue(key, out var states))
        {
            _accounts[key] = states = _rules.DistinctBy(PlanOf).ToDictionary(PlanOf, set => new AccountState(set.Rules.Windows));
        }

        return states;
    }
}
