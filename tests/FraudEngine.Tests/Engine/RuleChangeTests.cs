using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine;

/// <summary>Rules that change while transactions are decided: each decision is the one that its rule set would have made had it always been in force.</summary>
public sealed class RuleChangeTests
{
    private const int Accounts = 8;

    private static readonly string[] Sets =
    [
        Yaml(1, "count(account, 1h) > 3"),
        Yaml(2, "distinct(account.merchantId, 7d) > 2 || sum(account.amount, 1d) > 500"),
        Yaml(3, "max(account.amount, 30d) > 400 && last(account.channel, 7d) == 'online'"),
        Yaml(4, "amount > 100"),
        Yaml(5, "count(account, 1h) > 2 && avg(account.amount, 1h) > 200 && stddev(account.amount, 7d) > 10"),
    ];

    [Fact]
    public void Every_decision_is_that_of_its_rule_set_whatever_was_in_force_before()
    {
        for (var seed = 1; seed <= Soak.Times(30, 3_000); seed++)
        {
            Run(seed, commitsFail: seed % 2 == 0);
        }
    }

    [Fact]
    public void A_rule_set_with_the_same_windows_comes_into_force_without_filling()
    {
        var rig = new EngineRig(1, new SimulatedStore(), yaml: Sets[0]);
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.True(rig.Engine.FillWindowsAsync(rig.Rules(Sets[0].Replace("> 3", "> 5", StringComparison.Ordinal)).Rules.Plans).IsCompletedSuccessfully);
    }

    [Fact]
    public void Transactions_are_decided_while_windows_are_filled_from_the_journal()
    {
        var rig = new EngineRig(1, new SimulatedStore(), yaml: Sets[0]);
        for (var i = 0; i < 5; i++)
        {
            rig.Submit("a", $"t{i}", i, merchant: $"m{i}");
        }

        rig.RunAll();
        var next = rig.Rules(Sets[1]);
        var filled = rig.Engine.FillWindowsAsync(next.Rules.Plans);
        rig.RunLoops();
        var during = rig.Submit("a", "during", 10, merchant: "m9");
        rig.RunLoops();
        Assert.True(rig.Journal.HasReads || rig.Journal.HasCommits);
        Assert.False(filled.IsCompleted);

        // The journal stores what was decided before it answers what was asked.
        rig.Journal.CommitGroup(10);
        rig.RunLoops();
        Assert.Equal(Outcome.Review, rig.Answers[during].Outcome);
        rig.RunUntil(filled);
        rig.RunUntil(rig.PutInForceAsync(next));
        var after = rig.Submit("a", "after", 20, merchant: "m9");
        rig.RunAll();
        Assert.Equal(Outcome.Review, rig.Answers[after].Outcome);
        Assert.Equal(next.Number, after.Decision.RuleSetNumber);
        Audit(rig, "a");
    }

    [Fact]
    public void An_account_whose_windows_cannot_be_filled_leaves_memory_though_its_snapshot_is_due()
    {
        var rig = new EngineRig(1, new SimulatedStore(), new EngineSettings { Shards = 1, SnapshotEvery = 6 }, Sets[0]);
        for (var i = 0; i < 5; i++)
        {
            rig.Submit("a", $"t{i}", i, merchant: $"m{i}");
        }

        rig.RunAll();
        var filled = rig.Engine.FillWindowsAsync(rig.Rules(Sets[1]).Rules.Plans);
        rig.RunLoops();
        rig.Journal.CommitGroup(10);
        var sixth = rig.Submit("a", "t5", 5);
        rig.Journal.ReadFails = static () => true;
        rig.Journal.AnswerOne();
        rig.RunLoops();
        rig.Journal.ReadFails = static () => false;
        rig.RunAll();
        rig.RunUntil(filled);
        Assert.Equal(0, rig.Restarts);
        Assert.Equal(Outcome.Review, rig.Answers[sixth].Outcome);
        Audit(rig, "a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_rules_file_that_could_not_be_taken_over_is_at_the_next_start(int failing)
    {
        var rig = new EngineRig(1, new SimulatedStore(), yaml: Sets[0]);
        await OpenAsync(rig, Sets[0]);
        using var book = new RuleBook(rig.Engine, rig.Journal, WindowSettings.Default, TimeProvider.System);
        var changes = 0;
        rig.Journal.ChangeFails = () => ++changes == failing;
        var put = book.PutAsync(Sets[1], "rules.yaml", RuleSetCause.File);
        Assert.Throws<IOException>(() => rig.RunUntil(put));
        Assert.Equal("test@2", (await OpenAsync(rig, Sets[1])).Rules.Reference);
    }

    private static Task<RulesInForce> OpenAsync(EngineRig rig, string yaml) =>
        RuleBook.OpenAsync(rig.Journal, yaml, "rules.yaml", NamedLists.Empty, WindowSettings.Default, TimeProvider.System);

    [Theory]
    [InlineData(null, 5, "Unchanged")]
    [InlineData("test@5", 5, "Unchanged")]
    [InlineData("test@1", 1, "InForce")]
    public async Task A_rollback_does_not_wait_for_windows_that_are_being_filled(string? reference, int inForce, string kind)
    {
        var rig = new EngineRig(1, new SimulatedStore(), yaml: Sets[0]);
        using var book = new RuleBook(rig.Engine, rig.Journal, WindowSettings.Default, TimeProvider.System);
        rig.Submit("a", "t", 0);
        rig.RunAll();
        rig.RunUntil(book.PutAsync(Sets[4], "test.yaml", RuleSetCause.Http));
        rig.RunAll();

        // The second set needs what is kept of no transaction, and the journal does not answer.
        var put = book.PutAsync(Sets[1], "test.yaml", RuleSetCause.Http);
        for (var i = 0; i < 1_000 && !rig.Journal.HasReads; i++)
        {
            rig.RunLoops();
            rig.Journal.CommitGroup(10);
            Thread.Yield();
        }

        var rollback = book.RollBackAsync(reference);
        while (!rollback.IsCompleted)
        {
            rig.RunLoops();
            Thread.Yield();
        }

        Assert.True(rig.Journal.HasReads);
        Assert.False(put.IsCompleted);
        Assert.Equal(kind, (await rollback).Kind.ToString());
        rig.RunUntil(put);
        Assert.Equal(RulesAnswerKind.Overtaken, (await put).Kind);
        Assert.Equal(inForce, rig.Engine.InForce.Rules.Version);
        rig.RunAll();
        rig.RunUntil(book.PutAsync(Sets[1], "test.yaml", RuleSetCause.Http));
        Assert.Equal(2, rig.Engine.InForce.Rules.Version);
        rig.Submit("a", "t2", 10);
        rig.RunAll();
        Audit(rig, "a");
    }

    private static void Run(int seed, bool commitsFail)
    {
        var random = new Random(seed);
        var settings = new EngineSettings { Shards = 3, ResidentAccountsMax = 12, TurnMessagesMax = 7, SnapshotEvery = 5, SnapshotOnPassivationMin = 3 };
        var rig = new EngineRig(seed, new SimulatedStore(), settings, Sets[0]);
        var commits = 0;
        rig.Journal.CommitFails = () => commitsFail && ++commits % 17 == 0;
        var changing = Task.CompletedTask;
        var changes = 0;
        var now = 0L;
        for (var i = 0; i < 300; i++)
        {
            now += random.Next(900);
            var late = random.Next(8) == 0 ? random.Next(80_000) : 0;
            rig.Submit(
                $"a{random.Next(Accounts)}", $"t{i}", now - late, 10_000L * (1 + random.Next(500)), $"m{random.Next(5)}", random.Next(2) == 0 ? Channel.Online : Channel.None);
            for (var steps = random.Next(8); steps > 0; steps--)
            {
                rig.Step();
            }

            if (changing.IsCompleted && random.Next(12) == 0)
            {
                changes++;
                changing = rig.PutInForceAsync(rig.Rules(Sets[random.Next(Sets.Length)]));
            }
        }

        rig.RunUntil(changing);
        rig.RunAll();
        Assert.True(changes > 0);
        Assert.Equal(0, rig.RecoveryFailures);
        for (var account = 0; account < Accounts; account++)
        {
            Audit(rig, $"a{account}");
        }
    }

    private static void Audit(EngineRig rig, string account)
    {
        var audit = new JournalAudit(Sets.Select(rig.Rules));
        foreach (var row in rig.Store.ByAccount.GetValueOrDefault(account, []))
        {
            audit.Check(row.AccountId, row.Sequence, row.Entry);
        }
    }

    private static string Yaml(int version, string when) =>
        $$"""
        name: test
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: only, when: "{{when}}", score: 0.5, text: Only }
        """;
}
