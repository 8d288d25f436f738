using System.Buffers;
using System.Text;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Entities;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Entities;
using FraudEngine.Tests.Rules;
using FraudEngine.Windows.Memory;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Engine;

/// <summary>What an account takes in memory with the shipped rules: its actor in its shard's table, its state, and its history.</summary>
[Collection(Alone.Name)]
public sealed class AccountMemoryTests(ITestOutputHelper output)
{
    private const int EmptyBytesMax = 400;
    private const int PerTransactionBytesMax = 48;
    private const int IdBytesMax = 8;
    private const int Accounts = 1_000;
    private const int Each = 100;
    private const int Days = 30;

    private readonly HistoryArena _memory = new();
    private readonly TransactionReader _reader = new([.. "EUR"u8]);
    private readonly TransactionDecided _decided = new();
    private readonly AccountMachine _machine = new(ShippedRules.Default, 1, NamedLists.Empty);

    [Fact]
    public void An_account_with_an_empty_history_takes_less_than_400_bytes()
    {
        var table = NewTable();
        var each = (double)BytesOf(() => AddAccounts(table, 10 * Accounts)) / (10 * Accounts);
        output.WriteLine(FormattableString.Invariant($"{each:0.0} bytes an account"));
        Assert.InRange(each, 0, EmptyBytesMax);
        GC.KeepAlive(table);
    }

    /// <summary>
    /// Of as many as an account has in a month, with all that windows need of them. What tells resends is not the windows': it remembers each id for ever.
    /// </summary>
    [Fact]
    public void A_transaction_in_the_windows_takes_less_than_48_bytes()
    {
        var lines = SimulatedLines.Of(Accounts * Each, Accounts, Accounts * Each / Days).ToArray();
        var table = NewTable();
        AddAccounts(table, Accounts);
        Decide(table, lines[0]);
        var bytes = BytesOf(() => Array.ForEach(lines, line => Decide(table, line)));
        var kept = table.All.Sum(actor => actor.State!.History.Count);
        var snapshots = Written(table, static (state, buffer) => state.WriteTo(buffer));
        var ids = Written(table, static (state, buffer) => state.Seen.WriteTo(buffer));
        output.WriteLine(FormattableString.Invariant($"{(double)snapshots / Accounts:0} bytes a snapshot"));
        output.WriteLine(FormattableString.Invariant(
            $"{(double)(bytes - ids) / kept:0.0} bytes a transaction, and {(double)ids / kept:0.0} for its id, of {kept} in {Accounts} accounts"));
        Assert.InRange(kept, Accounts * Each * 9 / 10, Accounts * Each);
        Assert.InRange((double)ids / kept, 1, IdBytesMax);
        Assert.InRange((double)(bytes - ids) / kept, 10, PerTransactionBytesMax);
        GC.KeepAlive(table);
    }

    /// <summary>The bytes of something of all accounts. Ids stand in memory as they are written.</summary>
    private static int Written(EntityTable<AccountActor> table, Action<AccountState, ArrayBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        table.All.ToList().ForEach(actor => write(actor.State!, buffer));
        return buffer.WrittenCount;
    }

    private static EntityTable<AccountActor> NewTable() => new(static id => (int)Hash64.Of(id));

    /// <summary>With the ids of simulated customers.</summary>
    private void AddAccounts(EntityTable<AccountActor> table, int accounts)
    {
        for (var i = 0; i < accounts; i++)
        {
            table.Add(new AccountActor([.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"A{i:0000000}"))])
            {
                State = new AccountState(ShippedRules.Default.Windows, _memory),
            });
        }
    }

    private static long BytesOf(Action make)
    {
        var before = LiveBytes();
        make();
        return LiveBytes() - before;
    }

    /// <summary>Without what tests before this one have left to be finalized.</summary>
    private static long LiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private void Decide(EntityTable<AccountActor> table, byte[] line)
    {
        Assert.True(_reader.TryRead(line, _decided.Transaction));
        var state = table.Find(_decided.Transaction.AccountId)!.State!;
        _decided.Identify(seed: 1);
        if (AccountMachine.Check(state, _decided.Transaction, _decided.IdHash) == Admissibility.Admissible)
        {
            _machine.Decide(state, _decided);
            AccountMachine.Evolve(state, _decided);
        }
    }
}
