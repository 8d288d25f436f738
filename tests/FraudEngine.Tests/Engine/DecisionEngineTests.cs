using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine;

public sealed class DecisionEngineTests
{
    private readonly SimulatedStore _store = new();

    [Fact]
    public void Nothing_is_answered_before_it_is_durable()
    {
        var rig = Rig();
        rig.Submit("a", "t1", 0);
        rig.RunLoops();
        rig.Journal.CommitGroup(1);
        rig.Journal.AnswerOne();
        rig.RunLoops();
        Assert.True(rig.Journal.HasCommits);
        Assert.Empty(rig.Answers);
        Assert.Empty(rig.Store.Rows);
        rig.RunAll();
        Assert.Single(rig.Answers);
        Assert.Single(rig.Store.Rows);
    }

    [Fact]
    public void A_refusal_waits_for_what_it_rests_on()
    {
        var rig = Rig();
        rig.Submit("a", "t0", 0);
        rig.RunAll();
        rig.Submit("a", "t1", 3 * 86_400);
        rig.Submit("a", "t2", 0);
        rig.RunLoops();
        Assert.Single(rig.Answers);
        rig.RunAll();
        Assert.Equal(3, rig.Answers.Count);
        Assert.Equal(Refusal.TooLate, rig.Answers.Values.Last().Refusal);
    }

    [Fact]
    public void A_resent_transaction_gets_its_first_decision_and_changes_nothing()
    {
        var rig = Rig();
        for (var i = 0; i < 5; i++)
        {
            rig.Submit("a", $"t{i}", i);
        }

        var sameTurn = rig.Submit("a", "t4", 4);
        rig.RunAll();
        var later = rig.Submit("a", "t4", 4);
        var oldest = rig.Submit("a", "t0", 0);
        rig.RunAll();
        Assert.Equal(5, rig.Store.Rows.Count);
        Assert.Equal(Outcome.Review, rig.Answers[sameTurn].Outcome);
        Assert.Equal(rig.Answers[sameTurn], rig.Answers[later]);
        Assert.Equal(Outcome.Approve, rig.Answers[oldest].Outcome);
        Assert.Equal(3, rig.Engine.Count().Resends);
    }

    [Fact]
    public void A_resend_raises_no_second_alert()
    {
        var rig = Rig();
        for (var i = 0; i < 4; i++)
        {
            rig.Submit("a", $"t{i}", i);
        }

        rig.RunAll();
        rig.Submit("a", "t3", 3);
        rig.RunAll();
        Assert.Single(rig.Alerts);
    }

    [Fact]
    public void An_id_reused_with_other_content_is_refused_however_old_it_is()
    {
        var rig = Rig();
        rig.Submit("a", "t1", 0);
        rig.Submit("a", "t2", 90 * 86_400);
        rig.RunAll();
        var reused = rig.Submit("a", "t1", 90 * 86_400, units: 1);
        var resent = rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.Equal(Refusal.IdReused, rig.Answers[reused].Refusal);
        Assert.Equal(Refusal.None, rig.Answers[resent].Refusal);
        Assert.Equal(2, rig.Store.Rows.Count);
    }

    [Fact]
    public void The_same_id_under_two_accounts_is_two_transactions()
    {
        var rig = Rig();
        rig.Submit("a", "t1", 0);
        rig.Submit("b", "t1", 5, units: 7);
        rig.RunAll();
        Assert.Equal(2, rig.Store.Rows.Count);
        Assert.All(rig.Answers.Values, answer => Assert.Equal(Refusal.None, answer.Refusal));
    }

    [Theory]
    [InlineData(86_400, Refusal.None)]
    [InlineData(86_401, Refusal.TooLate)]
    public void Lateness_is_allowed_up_to_a_day(long secondsLate, Refusal expected)
    {
        var rig = Rig();
        rig.Submit("a", "t1", 1_000_000);
        var late = rig.Submit("a", "t2", 1_000_000 - secondsLate);
        rig.RunAll();
        Assert.Equal(expected, rig.Answers[late].Refusal);
    }

    [Fact]
    public void A_failed_commit_loses_and_doubles_nothing()
    {
        var rig = Rig();
        var failures = 1;
        rig.Journal.CommitFails = () => failures-- > 0;
        for (var i = 0; i < 10; i++)
        {
            rig.Submit("a", $"t{i}", i);
        }

        rig.RunAll();
        Assert.True(rig.Restarts > 0);
        Assert.Equal(10, rig.Answers.Values.Count(answer => answer.Refusal == Refusal.None));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i + 1} t{i}"), rig.Journaled("a").Select(entry => string.Join(' ', entry.Split(' ')[..2])));
    }

    [Fact]
    public void Where_nothing_can_be_stored_the_sender_is_told_to_send_again()
    {
        var rig = Rig();
        rig.Journal.CommitFails = () => true;
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.Equal(Refusal.Unavailable, Assert.Single(rig.Answers.Values).Refusal);
        Assert.Empty(rig.Store.Rows);

        rig.Journal.CommitFails = () => false;
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.Equal(Refusal.None, rig.Answers.Values.Last().Refusal);
        Assert.Single(rig.Store.Rows);
        Assert.Equal(0, rig.Engine.Admission.InFlight);
    }

    [Fact]
    public void Where_an_account_can_t_be_read_its_sender_is_told_and_the_others_go_on()
    {
        var rig = Rig();
        var failures = 1;
        rig.Journal.ReadFails = () => failures-- > 0;
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.Equal(Refusal.Unavailable, Assert.Single(rig.Answers.Values).Refusal);
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        Assert.Equal(Refusal.None, rig.Answers.Values.Last().Refusal);
    }

    [Fact]
    public void A_poison_transaction_is_refused_and_recorded_and_its_account_goes_on()
    {
        var rig = Rig(new EngineSettings { Shards = 1 });
        rig.Submit("a", "t1", 0);
        rig.Submit("b", "t1", 0);
        rig.RunAll();
        rig.Submit("a", "t2", 1);
        var poison = rig.Submit("a", "t3", 2, channel: (Channel)99);
        rig.Submit("b", "t2", 2);
        rig.Submit("a", "t4", 3);
        rig.RunAll();
        Assert.Equal(Refusal.Poison, rig.Answers[poison].Refusal);
        Assert.Equal(1, rig.Poisoned);
        Assert.Equal(2, rig.Restarts);
        Assert.Equal("t3", Encoding.UTF8.GetString(Assert.Single(rig.Store.Poison).TransactionId));
        Assert.Equal(["t1", "t2", "t4"], rig.Journaled("a").Select(entry => entry.Split(' ')[1]));
        Assert.Equal(2, rig.Journaled("b").Count());
        Assert.Equal(6, rig.Answers.Count);
    }

    [Fact]
    public void An_account_whose_journal_is_damaged_is_refused_and_the_shard_lives_on()
    {
        var rig = Rig(new EngineSettings { Shards = 1 });
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        var row = _store.ByAccount["a"][0];
        _store.ByAccount["a"][0] = row with { Entry = [9, 9, 9] };
        var again = new EngineRig(2, _store, new EngineSettings { Shards = 1 });
        var refused = again.Submit("a", "t2", 1);
        var other = again.Submit("b", "t1", 1);
        again.RunAll();
        Assert.Equal(Refusal.Unavailable, again.Answers[refused].Refusal);
        Assert.Equal(Refusal.None, again.Answers[other].Refusal);
        Assert.Equal(1, again.RecoveryFailures);
    }

    [Fact]
    public void Idle_accounts_are_passivated_above_the_maximum_and_come_back_as_they_were()
    {
        var rig = Rig(new EngineSettings { Shards = 1, ResidentAccountsMax = 3, SnapshotOnPassivationMin = 2 });
        for (var i = 0; i < 40; i++)
        {
            rig.Submit($"a{i % 8}", $"t{i}", i);
            rig.RunAll();
        }

        Assert.True(rig.Engine.Count().Passivations > 20);
        Assert.Equal(3, rig.Engine.Count().ResidentAccounts);
        Assert.NotEmpty(_store.Snapshots);
        Assert.Equal("5 t32 Review 0.5", rig.Journaled("a0").Last());
    }

    [Fact]
    public void An_account_that_replayed_more_than_a_snapshot_s_worth_gets_its_snapshot_with_the_next_transaction()
    {
        var rig = Rig(new EngineSettings { Shards = 1, SnapshotEvery = 1000 });
        for (var i = 0; i < 30; i++)
        {
            rig.Submit("a", $"t{i}", i);
        }

        rig.RunAll();
        Assert.Empty(_store.Snapshots);
        var again = Rig(new EngineSettings { Shards = 1, SnapshotEvery = 5 });
        again.Submit("a", "t30", 30);
        again.RunAll();
        Assert.Equal(31, _store.Snapshots["a"].Sequence);
    }

    [Fact]
    public void Asking_for_an_account_that_does_not_exist_leaves_nothing_in_memory()
    {
        var rig = Rig();
        _ = rig.Engine.QueryAsync("nobody"u8.ToArray(), null);
        rig.RunAll();
        Assert.Equal(0, rig.Engine.Count().ResidentAccounts);
    }

    [Fact]
    public async Task A_query_never_tells_what_was_not_stored()
    {
        var rig = Rig(new EngineSettings { Shards = 1 });
        rig.Journal.CommitFails = () => true;
        rig.Submit("a", "t1", 0);
        var query = rig.Engine.QueryAsync("a"u8.ToArray(), null);
        rig.RunAll();
        Assert.Equal(Refusal.Unavailable, Assert.Single(rig.Answers.Values).Refusal);
        try
        {
            Assert.Null(await query);
        }
        catch (TimeoutException)
        {
            // "The account can't be read now" is right too.
        }
    }

    [Fact]
    public void A_journal_made_with_another_number_of_shards_is_refused()
    {
        Rig(new EngineSettings { Shards = 4 });
        var reason = Assert.Throws<InvalidOperationException>(() => Rig(new EngineSettings { Shards = 8 }));
        Assert.Contains("Engine:Shards is 8, but the journal was made with 4", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_tells_the_windows_once_they_are_durable()
    {
        var rig = Rig();
        rig.Submit("a", "t1", 0);
        rig.Submit("a", "t2", 10);
        var query = rig.Engine.QueryAsync("a"u8.ToArray(), null);
        rig.RunLoops();
        Assert.False(query.IsCompleted);
        rig.RunAll();
        var view = await query;
        Assert.Equal(2, view!.Transactions);
        Assert.Equal(2, view.Windows.Single(window => window.Function == "count").Number);
        var unknown = rig.Engine.QueryAsync("b"u8.ToArray(), null);
        rig.RunAll();
        Assert.Null(await unknown);
    }

    private EngineRig Rig(EngineSettings? settings = null) => new(1, _store, settings);
}
