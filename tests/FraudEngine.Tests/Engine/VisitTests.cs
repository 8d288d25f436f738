using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Entities;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine;

/// <summary>Transactions visit the terminals that they name; what they see there is what was committed and answered.</summary>
public sealed class VisitTests
{
    private const string Terminals = """
        name: terminals
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: two, when: "count(terminal, 1h) >= 2", score: 0.1, text: Two }
          - { id: three, when: "count(terminal, 1h) >= 3", score: 0.1, text: Three }
          - { id: fraud, when: "rate(terminal.fraud, 1d) > 0", score: 0.2, text: Fraud }
          - { id: own, when: "count(account.fraud, 1d) > 0", score: 0.4, text: Own }
        """;

    private readonly SimulatedStore _store = new();

    [Fact]
    public void A_transaction_sees_what_other_accounts_paid_at_its_terminal()
    {
        var rig = Rig();
        Assert.Equal(0m, Decide(rig, "a", "t1", 0, "T"));
        Assert.Equal(0.1m, Decide(rig, "b", "t1", 10, "T"));
        Assert.Equal(0m, Decide(rig, "b", "t2", 20, "U"));
        Assert.Equal(0.2m, Decide(rig, "c", "t1", 30, "T"));
        Assert.Equal(0m, Decide(rig, "d", "t1", 40, ""));
    }

    [Fact]
    public void A_terminal_comes_back_from_the_journal()
    {
        Decide(Rig(), "a", "t1", 0, "T");
        Assert.Equal(0.1m, Decide(Rig(), "b", "t1", 10, "T"));
        Assert.Equal(0.2m, Decide(Rig(), "b", "t2", 10, "T"));
    }

    [Fact]
    public void A_terminal_is_passivated_and_comes_back_with_its_snapshot()
    {
        var rig = Rig(new EngineSettings { Shards = 1, ResidentEntitiesMax = 1, SnapshotEvery = 3, SnapshotOnPassivationMin = 1 });
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(i < 4 ? (i / 2) * 0.1m : 0.2m, Decide(rig, $"a{i}", "t", i, i % 2 == 0 ? "T" : "U"));
        }

        Assert.NotEmpty(_store.EntitySnapshots);
        Assert.Equal(1, rig.Engine.Count().ResidentEntities);
    }

    [Fact]
    public void An_account_keeps_its_order_while_terminals_answer_in_any()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var rig = new EngineRig(seed, new SimulatedStore(), new EngineSettings { Shards = 4 }, Terminals);
            var envelopes = Enumerable.Range(0, 40).Select(i => rig.Submit("a", $"t{i}", i, terminal: $"T{i % 7}")).ToList();
            rig.RunAll();
            Assert.Equal(Enumerable.Range(0, 40).Select(i => $"t{i}"), rig.Journaled("a").Select(line => line.Split(' ')[1]));
            Assert.All(envelopes, envelope => Assert.Equal(Refusal.None, envelope.Refusal));
        }
    }

    [Fact]
    public void A_terminal_that_cannot_be_read_is_said_to_have_not_answered()
    {
        Decide(Rig(), "a", "t1", 0, "T");
        var rig = Rig();
        rig.Submit("b", "t1", 10);
        rig.RunAll();
        rig.Journal.ReadFails = static () => true;
        var envelope = rig.Submit("b", "t2", 20, terminal: "T");
        rig.RunAll();
        Assert.Equal(Refusal.None, envelope.Refusal);
        Assert.True(envelope.Decision.IsUnanswered(EntityKind.Terminal));
        Assert.Equal(3, envelope.Decision.Errors.Length);
        rig.Journal.ReadFails = static () => false;
        Assert.Equal(0.2m, Decide(rig, "b", "t3", 30, "T"));
    }

    [Fact]
    public void A_terminal_that_takes_too_long_is_not_waited_for()
    {
        var clock = new TestClock();
        var rig = Rig(clock: clock);
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        var envelope = rig.Submit("a", "t2", 10, terminal: "T");
        rig.RunLoops();
        Assert.DoesNotContain(envelope, rig.Answers.Keys);
        clock.Advance(TimeSpan.FromSeconds(5));
        clock.FireTimers();
        rig.RunLoops();
        rig.Journal.CommitGroup(10);
        rig.RunLoops();
        Assert.True(rig.Answers.ContainsKey(envelope), "The transaction waited for its terminal although the time was over.");
        Assert.True(envelope.Decision.IsUnanswered(EntityKind.Terminal));

        // The terminal's answer comes too late and harms nobody.
        rig.RunAll();
        Assert.Equal(0.1m, Decide(rig, "b", "t1", 20, "T"));
    }

    [Fact]
    public void Labels_reach_the_terminal_and_the_account_and_may_be_corrected()
    {
        var rig = Rig();
        Decide(rig, "a", "t1", 0, "T");
        Assert.Equal(LabelResult.Unknown, Label(rig, "a", "t2"));
        Assert.Equal(LabelResult.Unknown, Label(rig, "b", "t1"));
        Assert.Equal(LabelResult.Stored, Label(rig, "a", "t1"));
        Assert.Equal(LabelResult.Unchanged, Label(rig, "a", "t1"));
        Assert.Equal(0.3m, Decide(rig, "b", "t1", 10, "T"));
        Assert.Equal(0.4m, Decide(rig, "a", "t2", 20, "U"));
        var again = Rig();
        Assert.Equal(0.4m, Decide(again, "c", "t1", 30, "T"));
        Assert.Equal(LabelResult.Stored, Label(again, "a", "t1", isFraud: false));
        Assert.Equal(0.2m, Decide(again, "d", "t1", 40, "T"));
        Assert.Equal(0.1m, Decide(again, "a", "t3", 50, "U"));
        Assert.Equal(LabelResult.Unchanged, Label(Rig(), "a", "t1", isFraud: false));
    }

    [Fact]
    public async Task Rules_with_other_entities_come_into_force_under_way()
    {
        var rig = Rig(yaml: EngineRig.Yaml);
        rig.Submit("a", "t1", 0, terminal: "T");
        rig.RunAll();
        var next = rig.Rules(Terminals);
        var changing = rig.PutInForceAsync(next);
        for (var i = 0; !changing.IsCompleted; i++)
        {
            rig.Submit($"b{i}", "t", 10, terminal: "U");
            rig.Step();
            await Task.Yield();
        }

        rig.RunUntil(changing);
        rig.RunAll();
        Assert.Equal(0.1m, Decide(rig, "c", "t1", 20, "T"));
    }

    [Fact]
    public void A_terminal_answers_for_the_rules_in_force_while_it_is_read_anew_for_others()
    {
        var rig = Rig();
        Decide(rig, "a", "t1", 0, "T");
        Decide(rig, "b", "t1", 1, "U");
        var next = rig.Rules(Terminals.Replace("version: 1", "version: 2", StringComparison.Ordinal).Replace("count(terminal, 1h) >= 3", "distinct(terminal.channel, 20d) >= 1", StringComparison.Ordinal));
        var filled = rig.Engine.FillWindowsAsync(next.Rules.Plans);
        rig.RunLoops();
        rig.Journal.CommitGroup(10);
        var during = rig.Submit("b", "t2", 10, terminal: "T");
        for (var i = 0; i < 5; i++)
        {
            rig.RunLoops();
            rig.Journal.CommitGroup(10);
        }

        rig.RunLoops();
        Assert.True(rig.Journal.HasReads, "Nothing had to be read for the other rules.");
        Assert.False(filled.IsCompleted);
        Assert.True(rig.Answers.ContainsKey(during), "The transaction waited for what its rules do not ask.");
        Assert.Equal((0, 0.1m), (during.Decision.Unanswered, rig.Answers[during].Score.ToDecimal()));
        rig.RunUntil(filled);
        var recoveries = rig.Engine.Count().EntityRecoveries;
        rig.RunUntil(rig.PutInForceAsync(next));
        Assert.Equal(0.2m, Decide(rig, "b", "t3", 20, "T", Channel.Online));
        Assert.Equal(recoveries, rig.Engine.Count().EntityRecoveries);
    }

    [Fact]
    public async Task What_waits_for_a_terminal_when_the_journal_closes_does_not_keep_the_shard_restarting()
    {
        var rig = Rig();
        rig.Submit("a", "t1", 0, terminal: "T");
        await rig.Engine.DisposeAsync();
        for (var steps = 0; rig.Step(); steps++)
        {
            Assert.True(steps < 1_000, "The shards did not come to rest.");
        }

        Assert.Equal(0, rig.Restarts);
    }

    /// <summary>An id that may have been used waits for the journal; meanwhile rules with other windows come into force, for which nobody has visited yet.</summary>
    [Fact]
    public async Task A_transaction_that_was_looked_up_is_decided_with_what_the_rules_in_force_then_ask()
    {
        const string more = """
            name: more
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - { id: none, when: "count(terminal, 2h) < 1 || count(terminal, 3h) < 1 || count(terminal, 4h) < 1", score: 0.1, text: None }
              - { id: any, when: "count(terminal, 5h) >= 1 && count(terminal, 6h) >= 1", score: 0.3, text: Any }
            """;
        var rig = Rig();
        Decide(rig, "a", "first", 0, "T");
        TransactionEnvelope? lookedUp = null;
        for (var i = 0; lookedUp is null; i++)
        {
            Assert.True(i < 100_000, "No id was taken for one that may have been used.");
            var envelope = rig.Submit("a", $"x{i}", 1, terminal: "T");
            rig.RunLoops();
            rig.Journal.CommitGroup(10);
            rig.RunLoops();
            lookedUp = rig.Journal.HasReads ? envelope : null;
        }

        var next = rig.Rules(more);
        var changing = rig.PutInForceAsync(next);
        var deadline = Environment.TickCount64 + 30_000;
        while (rig.Engine.InForce.Number != next.Number)
        {
            Assert.True(Environment.TickCount64 < deadline, "The rules were not in force after 30 s.");
            rig.RunLoops();
            await Task.Yield();
        }

        rig.RunUntil(changing);
        rig.RunAll();
        Assert.Equal((0, next.Number, 0.3m), (rig.Restarts, lookedUp.Decision.RuleSetNumber, rig.Answers[lookedUp].Score.ToDecimal()));
    }

    /// <summary>Whatever is disturbed, at the end each terminal knows what was committed, no more and no less.</summary>
    [Fact]
    public void Terminals_are_projections_of_what_was_committed()
    {
        for (var seed = 1; seed <= Soak.Times(60, 3_000); seed++)
        {
            Disturb(seed);
        }
    }

    private static void Disturb(int seed)
    {
        const string yaml = """
            name: seen
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - { id: any, when: "count(terminal, 30d) >= 0 && count(terminal.fraud, 30d) >= 0 && distinct(terminal.accountId, 30d) >= 0", action: review, text: Any }
            """;
        var random = new Random(seed);
        var store = new SimulatedStore();
        var settings = new EngineSettings { Shards = 3, ResidentEntitiesMax = 3 + random.Next(20), SnapshotEvery = 1 + random.Next(8), SnapshotOnPassivationMin = 1 };
        var labels = new Dictionary<(string, string), bool>();
        for (var life = 0; life < 3; life++)
        {
            var rig = new EngineRig((seed * 10) + life, store, settings, yaml);
            rig.Journal.CommitFails = () => random.Next(15) == 0;
            rig.Journal.ReadFails = () => random.Next(20) == 0;
            var labelling = new List<(string, string, bool, Task<LabelResult>)>();
            for (var i = 0; i < 60; i++)
            {
                var (account, id) = ($"a{random.Next(6)}", $"t{random.Next(20)}");
                if (random.Next(4) == 0)
                {
                    var isFraud = random.Next(3) > 0;
                    labelling.Add((account, id, isFraud, rig.Label(account, id, isFraud)));
                }
                else
                {
                    rig.Submit(account, id, random.Next(1000), terminal: $"T{random.Next(5)}");
                }

                for (var steps = random.Next(12); steps > 0; steps--)
                {
                    rig.Step();
                }
            }

            if (life < 2)
            {
                // Killed: whatever is not stored is gone.
                continue;
            }

            rig.Journal.CommitFails = static () => false;
            rig.Journal.ReadFails = static () => false;
            rig.RunAll();
        }

        Audit(seed, store, yaml, settings);
    }

    private static void Audit(int seed, SimulatedStore store, string yaml, EngineSettings settings)
    {
        var rig = new EngineRig(seed, store, settings, yaml);
        for (var terminal = 0; terminal < 5; terminal++)
        {
            var name = System.Text.Encoding.UTF8.GetBytes($"T{terminal}");
            var decided = new TransactionDecided();
            var paid = new List<(string Account, long Sequence)>();
            foreach (var row in store.Rows.Where(row => !LabelCodec.IsLabel(row.Entry)))
            {
                EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
                if (decided.Transaction.Text(TransactionField.TerminalId).SequenceEqual(name))
                {
                    paid.Add((System.Text.Encoding.UTF8.GetString(row.AccountId), row.Sequence));
                }
            }

            rig.Submit($"probe{terminal}", "t", 1000, terminal: $"T{terminal}");
            rig.RunAll();
            var stored = store.ByAccount[$"probe{terminal}"][^1];
            EntryCodec.Read(stored.Entry, stored.AccountId, stored.Sequence, decided);
            var seen = decided.Features.Values.ToArray().ToDictionary(value => value.Slot, value => value.Number);
            decimal[] expected = [paid.Count + 1, paid.Count(of => IsFraud(store, of)), paid.Select(of => of.Account).Distinct().Count() + 1];
            Assert.True(expected.SequenceEqual(seen.OrderBy(value => value.Key).Select(value => value.Value)),
                $"Seed {seed}: terminal T{terminal} says {string.Join(", ", seen.OrderBy(value => value.Key).Select(value => value.Value))}, but the journal {string.Join(", ", expected)}.");
        }
    }

    private static bool IsFraud(SimulatedStore store, (string Account, long Sequence) of) =>
        store.ByAccount[of.Account].LastOrDefault(row => row.Labelled == of.Sequence)?.IsFraud ?? false;

    private EngineRig Rig(EngineSettings? settings = null, TestClock? clock = null, string yaml = Terminals) => new(1, _store, settings, yaml, clock);

    private static decimal Decide(EngineRig rig, string account, string id, long seconds, string terminal, Channel channel = Channel.None)
    {
        var envelope = rig.Submit(account, id, seconds, channel: channel, terminal: terminal);
        rig.RunAll();
        Assert.Equal(Refusal.None, rig.Answers[envelope].Refusal);
        return rig.Answers[envelope].Score.ToDecimal();
    }

    private static LabelResult Label(EngineRig rig, string account, string id, bool isFraud = true)
    {
        var label = rig.Label(account, id, isFraud);
        rig.RunAll();
        Assert.True(label.IsCompleted);
        return label.GetAwaiter().GetResult();
    }
}
