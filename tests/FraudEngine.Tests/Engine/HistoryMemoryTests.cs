using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine;

/// <summary>The histories of a shard share an arena: what leaves memory has to give back what it took.</summary>
public sealed class HistoryMemoryTests
{
    private const string Narrow = """
        name: narrow
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: any, when: "count(account, 1d) > 100 && count(terminal, 30d) > 100", score: 0.1, text: Any }
        """;

    private const string Wide = """
        name: wide
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: any, when: "distinct(account.merchantId, 30d) > 100 || max(account.amount, 7d, channel == 'online') > 100", score: 0.1, text: Any }
          - { id: more, when: "count(terminal.fraud, 30d) > 100 || distinct(terminal.accountId, 30d) > 100", score: 0.1, text: More }
        """;

    private readonly SimulatedStore _store = new();

    [Fact]
    public void Accounts_and_terminals_that_leave_memory_give_it_back()
    {
        var rig = new EngineRig(1, _store, new EngineSettings { Shards = 1, ResidentAccountsMax = 2, ResidentEntitiesMax = 2, SnapshotOnPassivationMin = 3 }, Wide);
        var most = 0L;
        for (var i = 0; i < 200; i++)
        {
            // Each account and each terminal comes again, from its snapshot or from its rows.
            Pay(rig, i % 20, i);
            most = i < 20 ? Math.Max(most, rig.Engine.Count().HistoryBytes) : most;
        }

        Assert.True(rig.Engine.Count().Passivations > 100);
        Assert.InRange(rig.Engine.Count().HistoryBytes, 1, 4 * most);
    }

    [Fact]
    public void Rules_that_come_and_go_leave_no_memory_behind()
    {
        var rig = new EngineRig(1, _store, new EngineSettings { Shards = 1 }, Wide);
        for (var i = 0; i < 60; i++)
        {
            Pay(rig, i % 4, i);
        }

        // Of what is narrow something has to be read from the journal to be wide.
        var bytes = new List<long>();
        for (var change = 0; change < 40; change++)
        {
            rig.RunUntil(rig.PutInForceAsync(rig.Rules(change % 2 == 0 ? Narrow : Wide)));
            rig.RunAll();
            bytes.Add(rig.Engine.Count().HistoryBytes);
        }

        Assert.InRange(bytes.Max(), bytes[..4].Max(), bytes[..4].Max() * 11 / 10);
        Assert.InRange(bytes[^2], bytes.Min(), bytes[..4].Min() * 11 / 10);
    }

    [Fact]
    public void A_restart_of_the_shard_drops_all_of_it()
    {
        var rig = new EngineRig(1, _store, new EngineSettings { Shards = 1 }, Wide);
        Pay(rig, 1, 1);
        var once = rig.Engine.Count().HistoryBytes;
        for (var failures = 0; failures < 20; failures++)
        {
            var hasFailed = false;
            rig.Journal.CommitFails = () => !hasFailed && (hasFailed = true);
            Pay(rig, 1, 2 + failures);
        }

        Assert.True(rig.Engine.Count().Restarts >= 20);
        Assert.InRange(rig.Engine.Count().HistoryBytes, once, 8 * once);
    }

    private static void Pay(EngineRig rig, int account, int number)
    {
        rig.Submit($"a{account}", $"t{number}", number * 60, merchant: $"m{number % 7}", channel: (Channel)(number % 3), terminal: $"T{account}");
        rig.RunAll();
    }
}
