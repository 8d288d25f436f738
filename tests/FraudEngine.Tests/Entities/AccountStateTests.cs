using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Entities;

/// <summary>A state that goes over to another plan decides as one that had that plan from the start.</summary>
public class AccountStateTests
{
    private static readonly RuleSet Old = Given.Set("count(account, 1h) > 2 && sum(account.amount, 1h) > 50");
    private static readonly RuleSet New = Given.Set("sum(account.amount, 1d) > 90 && avg(account.amount, 1h) < 100 && count(account, 1d) > 4");

    [Fact]
    public void A_rebuilt_state_keeps_its_sequence_and_its_ids_and_decides_the_same()
    {
        var union = WindowPlan.Union(Old.Windows, New.Windows);
        foreach (var plan in new[] { union, New.Windows })
        {
            var rebuilt = After(Old.Windows).Rebuild(plan)!;
            Assert.Same(plan, rebuilt.History.Plan);
            Assert.Equal(5, rebuilt.Sequence);
            Assert.Equal(Admissibility.PerhapsSeen, AccountMachine.Check(rebuilt, Decided(6).Transaction, 3));
            Assert.Equal(Features(New, After(New.Windows)), Features(New, rebuilt));
        }

        Assert.Equal(Features(Old, After(Old.Windows)), Features(Old, After(Old.Windows).Rebuild(union)!));
    }

    [Fact]
    public void A_state_that_lacks_a_field_is_not_rebuilt()
    {
        Assert.Null(After(Old.Windows).Rebuild(Given.Set("country != last(account.country, 1h)").Windows));
        Assert.NotNull(new AccountState(Old.Windows).Rebuild(Given.Set("country != last(account.country, 1h)").Windows));
    }

    [Fact]
    public void A_state_is_touched_whatever_it_holds_and_stays_as_it_is()
    {
        var state = new AccountState(Old.Windows);
        for (var sequence = 1; sequence <= 60; sequence++)
        {
            var before = Written(state);
            _ = state.TouchNear((ulong)sequence) + state.TouchFar();
            Assert.Equal(before, Written(state));
            AccountMachine.Evolve(state, Decided(sequence));
        }
    }

    private static byte[] Written(AccountState state)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        state.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private static AccountState After(WindowPlan plan)
    {
        var state = new AccountState(plan);
        for (var i = 1; i <= 5; i++)
        {
            AccountMachine.Evolve(state, Decided(i));
        }

        return state;
    }

    private static FeatureValue[] Features(RuleSet rules, AccountState state)
    {
        var decided = Decided(6);
        new AccountMachine(rules, 1, NamedLists.Empty).Decide(state, decided);
        Assert.NotEqual(0, decided.Features.Values.Length);
        return decided.Features.Values.ToArray();
    }

    private static TransactionDecided Decided(int number)
    {
        var decided = new TransactionDecided { Sequence = number, IdHash = (ulong)number };
        var builder = new TransactionBuilder();
        builder.Start(decided.Transaction);
        builder.SetText(TransactionField.Timestamp, System.Text.Encoding.UTF8.GetBytes($"2026-03-04T{12 + (number * 9 / 60)}:{number * 9 % 60:00}:00Z"));
        builder.SetNumber(TransactionField.Amount, System.Text.Encoding.UTF8.GetBytes($"{number * 10}"));
        builder.Finish("EUR"u8);
        return decided;
    }
}
