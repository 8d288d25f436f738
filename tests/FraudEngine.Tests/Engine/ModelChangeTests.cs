using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Entities;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine;

/// <summary>Models that change while transactions are decided, between rules that change too: each decision is the one that its rules and its model make.</summary>
public sealed class ModelChangeTests
{
    private const int Accounts = 8;

    private static readonly string[] RuleSets =
    [
        Rules(1, "count(account, 1h) > 3"),
        Rules(2, "distinct(account.merchantId, 7d) > 2 || sum(account.amount, 1d) > 500"),
    ];

    private static readonly ModelText[] Models =
    [
        TinyModel.Text(1, "sum(account.amount, 2h)", 400),
        TinyModel.Text(2, "distinct(account.merchantId, 3d)", 3, "both"),
        TinyModel.Text(3, "amount - avg(account.amount, 30d)", 50, "rules"),
        TinyModel.Text(4, "amount", 200),
    ];

    [Fact]
    public async Task Every_decision_is_that_of_its_rules_and_its_model_whatever_was_in_force_before()
    {
        for (var seed = 1; seed <= Soak.Times(20, 2_000); seed++)
        {
            await RunAsync(seed, commitsFail: seed % 2 == 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Files_that_could_not_be_taken_over_are_at_the_next_start(int failing)
    {
        var rig = new EngineRig(1, new SimulatedStore());
        using var rules = new RuleBook(rig.Engine, rig.Journal, WindowSettings.Default, TimeProvider.System);
        var book = new ModelBook(rules, rig.Engine, rig.Journal, WindowSettings.Default);
        var changes = 0;
        rig.Journal.ChangeFails = () => ++changes == failing;
        var put = book.PutAsync(Models[0], RuleSetCause.File);
        Assert.Throws<IOException>(() => rig.RunUntil(put));
        rig.Journal.ChangeFails = static () => false;
        Assert.Equal("tiny@1", (await OpenAsync(rig, Models[0]))!.Model.Features.Reference);
        Assert.Null(await OpenAsync(rig, file: null));
    }

    private static Task<NumberedModel?> OpenAsync(EngineRig rig, ModelText? file) =>
        ModelBook.OpenAsync(rig.Journal, file, NamedLists.Empty, WindowSettings.Default, null, TimeProvider.System);

    private static async Task RunAsync(int seed, bool commitsFail)
    {
        var random = new Random(seed);
        var settings = new EngineSettings { Shards = 3, ResidentAccountsMax = 12, TurnMessagesMax = 7, SnapshotEvery = 5, SnapshotOnPassivationMin = 3 };
        var rig = new EngineRig(seed, new SimulatedStore(), settings, RuleSets[0]);
        using var rules = new RuleBook(rig.Engine, rig.Journal, WindowSettings.Default, TimeProvider.System);
        var models = new ModelBook(rules, rig.Engine, rig.Journal, WindowSettings.Default);
        var commits = 0;
        rig.Journal.CommitFails = () => commitsFail && ++commits % 17 == 0;
        var changing = new List<Task>();
        var sent = 0;
        var now = 0L;
        for (; sent < 250; sent++)
        {
            now += random.Next(900);
            rig.Submit(
                $"a{random.Next(Accounts)}", $"t{sent}", now - (random.Next(8) == 0 ? random.Next(80_000) : 0), 10_000L * (1 + random.Next(500)), $"m{random.Next(5)}");
            for (var steps = random.Next(8); steps > 0; steps--)
            {
                rig.Step();
            }

            // Several at a time, which wait for each other.
            if (changing.Count(static change => !change.IsCompleted) < 3 && random.Next(8) == 0)
            {
                changing.Add(random.Next(6) switch
                {
                    0 => rules.PutAsync(RuleSets[random.Next(RuleSets.Length)], "rules", RuleSetCause.Http),
                    1 => rules.RollBackAsync(null),
                    2 => models.RemoveAsync(RuleSetCause.Http),
                    3 => models.RollBackAsync(null),
                    _ => models.PutAsync(Models[random.Next(Models.Length)], RuleSetCause.Http),
                });
            }
        }

        rig.RunUntil(Task.WhenAll(changing));
        rig.RunAll();
        Assert.Equal(0, rig.RecoveryFailures);
        Assert.Equal(sent, rig.Answers.Count);
        await AuditAsync(rig);
    }

    /// <summary>Makes every stored decision again, over a history that is kept for all windows from the account's first transaction.</summary>
    private static async Task AuditAsync(EngineRig rig)
    {
        var sets = RuleSets.Select(rig.Rules).ToDictionary(static set => set.Number);
        var models = new Dictionary<int, NumberedModel>();
        foreach (var stored in await rig.Journal.ReadModelsAsync())
        {
            models[stored.Number] = new NumberedModel(
                ScoringModel.Load(stored.Source, "m", await rig.Journal.ReadTreesAsync(stored.Number), "t", WindowSettings.Default, null, null), stored.Number);
        }

        var plans = sets.Values.Select(static set => set.Plans).Concat(models.Values.Select(static model => model.Model.Plans)).Aggregate(WindowPlans.Union);
        var again = new ArrayBufferWriter<byte>();
        foreach (var rows in rig.Store.ByAccount.Values)
        {
            var state = new AccountState(plans[EntityKind.Account]);
            foreach (var row in rows)
            {
                var decided = new TransactionDecided();
                EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
                var set = sets[decided.Decision.RuleSetNumber];
                new AccountMachine(set.Rules, set.Number, set.Lists, models.GetValueOrDefault(decided.Decision.ModelNumber)).Decide(state, decided);
                again.Clear();
                EntryCodec.Write(again, decided);
                Assert.Equal(Convert.ToHexString(row.Entry), Convert.ToHexString(again.WrittenSpan));
                AccountMachine.Evolve(state, decided);
            }
        }
    }

    private static string Rules(int version, string when) =>
        $$"""
        name: test
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.9 }
        rules:
          - { id: only, when: "{{when}}", score: 0.5, text: Only }
        """;
}
