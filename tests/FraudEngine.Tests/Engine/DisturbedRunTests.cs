using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Storage;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine;

/// <summary>
/// Whatever fails, is delayed or is scheduled in whatever order: the journal says what an undisturbed run says, and every answer agrees with it.
/// </summary>
public sealed class DisturbedRunTests
{
    private const int Accounts = 6;
    private const int Sent = 400;

    [Fact]
    public void The_journal_of_a_disturbed_run_says_what_that_of_an_undisturbed_run_says()
    {
        var seeds = Soak.Times(20, 3_000);
        var compared = Enumerable.Range(1, seeds).Count(DisturbAndCompare);
        Assert.True(compared > seeds * 3 / 4, $"Only {compared} of {seeds} runs could be compared.");
    }

    [Fact]
    public void An_engine_that_ends_anywhere_goes_on_from_its_journal_when_all_is_sent_again()
    {
        for (var seed = 1; seed <= Soak.Times(20, 2_000); seed++)
        {
            EndAndCompare(seed);
        }
    }

    /// <summary>Whether the runs could be compared: not where a transaction could not be stored twice in a row, and so was refused.</summary>
    private static bool DisturbAndCompare(int seed)
    {
        var calm = new EngineRig(seed, new SimulatedStore());
        var calmChanges = new List<Task<ChangeResult>>();
        var calmAnswers = Send(calm, seed, calmChanges);
        var disturbed = new EngineRig(
            seed, new SimulatedStore(), new EngineSettings { Shards = 4, ResidentAccountsMax = 4, TurnMessagesMax = 7, SnapshotEvery = 5, SnapshotOnPassivationMin = 3 });
        var commits = 0;
        disturbed.Journal.CommitFails = () => ++commits % 12 == 0;
        var changes = new List<Task<ChangeResult>>();
        var answers = Send(disturbed, seed, changes);

        if (answers.Exists(answer => answer.Refusal == Refusal.Unavailable) || changes.Exists(change => change.Result == ChangeResult.Unavailable))
        {
            return false;
        }

        for (var account = 0; account < Accounts; account++)
        {
            Assert.Equal(calm.Journaled($"a{account}"), disturbed.Journaled($"a{account}"));
        }

        Assert.Equal(calmAnswers, answers);
        Assert.Equal(calmChanges.Select(static change => change.Result), changes.Select(static change => change.Result));
        Assert.Equal(calm.Store.Documents.Keys.Order(), disturbed.Store.Documents.Keys.Order());
        Assert.Contains(calm.Store.Documents.Keys, static key => key.Kind == DocumentKind.Response);
        Assert.True(disturbed.Restarts > 0);
        Assert.Equal(calm.Alerts.Count, disturbed.Alerts.Count);
        Assert.Equal(disturbed.Alerts.Order(), disturbed.Alerts);
        Assert.Equal(0, disturbed.Engine.Admission.InFlight);
        return true;
    }

    private static void EndAndCompare(int seed)
    {
        var calm = new EngineRig(seed, new SimulatedStore());
        var calmAnswers = Send(calm, seed);

        var store = new SimulatedStore();
        var random = new Random(seed);
        for (var life = 0; life < 5; life++)
        {
            var rig = new EngineRig(seed + life, store, new EngineSettings { Shards = 4, SnapshotEvery = 5 });
            Submit(rig, seed);
            for (var steps = random.Next(300); steps > 0 && rig.Step(); steps--)
            {
            }
        }

        var last = new EngineRig(seed, store, new EngineSettings { Shards = 4 });
        var answers = Send(last, seed);
        for (var account = 0; account < Accounts; account++)
        {
            Assert.Equal(calm.Journaled($"a{account}"), last.Journaled($"a{account}"));
        }

        Assert.Equal(calmAnswers, answers);
    }

    /// <summary>Sends the seed's transactions until all are answered.</summary>
    /// <param name="changes">Gets the answers of changes that are sent among them; null where none are to be.</param>
    private static List<EngineRig.Answer> Send(EngineRig rig, int seed, List<Task<ChangeResult>>? changes = null)
    {
        var envelopes = Submit(rig, seed, changes);
        rig.RunAll();
        Assert.Equal(envelopes.Count, rig.Answers.Count);

        return [.. envelopes.Select(envelope => rig.Answers[envelope])];
    }

    private static List<TransactionEnvelope> Submit(EngineRig rig, int seed, List<Task<ChangeResult>>? changes = null)
    {
        var random = new Random(seed);
        var changing = new Random(seed * 7);
        var envelopes = new List<TransactionEnvelope>();
        var sent = new List<(string Account, string Id, long At, long Units)>();
        var now = 0L;
        for (var i = 0; i < Sent; i++)
        {
            if (changes is not null && changing.Next(4) == 0)
            {
                changes.Add(Change(rig, changing, sent));
            }

            now += random.Next(400);
            if (i > 10 && random.Next(10) == 0)
            {
                // A resend, or the id with other content.
                var (account, id, at, units) = sent[random.Next(sent.Count)];
                envelopes.Add(rig.Submit(account, id, at, units + random.Next(2)));
                continue;
            }

            var late = random.Next(8) == 0 ? random.Next(100_000) : 0;
            var payment = (Account: $"a{random.Next(Accounts)}", Id: $"t{i}", At: now - late, Units: 10_000L * (1 + random.Next(500)));
            sent.Add(payment);
            envelopes.Add(rig.Submit(payment.Account, payment.Id, payment.At, payment.Units));
        }

        return envelopes;
    }

    private static Task<ChangeResult> Change(EngineRig rig, Random random, List<(string Account, string Id, long At, long Units)> sent)
    {
        var account = $"a{random.Next(Accounts)}";
        if (random.Next(3) == 0 && sent.Count > 0)
        {
            var (of, id, _, _) = sent[random.Next(sent.Count)];
            return rig.Respond(of, id, random.Next(3) == 0 ? AlertResponse.Denied : AlertResponse.Confirmed);
        }

        return random.Next(2) == 0 ? rig.Release(account) : rig.Hold(account, random.Next(2) == 0 ? Outcome.Review : Outcome.Decline);
    }
}
