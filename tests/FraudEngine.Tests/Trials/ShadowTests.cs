using FraudEngine.Domain;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Engine;
using FraudEngine.Tests.Storage;
using FraudEngine.Trials;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Trials;

/// <summary>Shadows on a simulated journal, which is read on when the test says so.</summary>
public sealed class ShadowTests : IDisposable
{
    private const string Candidate =
        """
        name: candidate
        version: 1
        thresholds: { review: 0.3, decline: 0.8 }
        rules:
          - { id: many, when: "count(account, 1d) > 5 && amount > 20", score: 0.5, text: Many }
          - { id: large, when: "amount > 1.2 * avg(account.amount, 1d)", score: 0.3, text: Large }
        """;

    private readonly SimulatedStore _store = new();
    private readonly EngineRig _rig;
    private readonly Shadows _shadows;
    private int _sent;
    private long _seconds;

    public ShadowTests()
    {
        _rig = new EngineRig(1, _store);
        _shadows = Open();
    }

    public void Dispose() => _shadows.Dispose();

    [Fact]
    public async Task A_shadow_counts_what_a_backtest_of_the_same_candidate_counts()
    {
        var shadow = await PutAsync("try", Candidate);
        Send(1500);
        Follow();
        Assert.Equal((ShadowState.Live, 1500L), (shadow.State, shadow.Position));
        Assert.Equal(await BacktestAsync(Candidate), TrialReportCsv.Write(shadow.Report()!));
        Assert.True(shadow.Report()!.Difference!.NewlyStopped.Count > 0);
        Assert.True(shadow.Report()!.Difference!.NewlyPassed.Count > 0);
        Assert.Equal(ChangeTally.ExamplesMax, shadow.Report()!.Difference!.NewlyStopped.Examples.Count);
    }

    [Fact]
    public async Task What_is_stored_after_its_end_wakes_a_follower_no_more()
    {
        var follower = new ShadowFollower(_shadows);
        await PutAsync("try", Candidate);
        await Eventually.ThatAsync(() => follower.IsAsleep, "the follower waits");
        await follower.DisposeAsync();
        follower.Wake();
        Assert.Equal(ShadowState.Live, _shadows.Find("try")!.State);
    }

    [Fact]
    public async Task What_came_before_fills_the_windows_and_is_not_counted()
    {
        Send(1200);
        var shadow = await PutAsync("try", Candidate);
        Assert.Equal((ShadowState.Filling, 1200L), (shadow.State, shadow.AfterPosition));
        Assert.True(_shadows.Step());
        Assert.Equal((ShadowState.Filling, 512L), (shadow.State, shadow.Position));
        Follow();
        Assert.Equal(ShadowState.Live, shadow.State);
        Assert.Equal((0L, 1200L), (shadow.Report()!.Transactions.Decided, shadow.Report()!.Transactions.Filled));

        Send(300);
        Assert.Equal(300, await _shadows.LagAsync(shadow));
        Follow();
        Assert.Equal(0, await _shadows.LagAsync(shadow));
        Assert.Equal(300, shadow.Report()!.Transactions.Decided);

        // The same, decided by one that has seen everything: what differs are the counts of what came before.
        var before = Count(await ReportAsync(Candidate, rows: 1200));
        var all = Count(await ReportAsync(Candidate, rows: 1500));
        Assert.Equal(all.Zip(before, (count, earlier) => count - earlier), Count(shadow.Report()!));
    }

    [Fact]
    public async Task One_that_fills_its_windows_does_not_hold_up_those_that_are_live()
    {
        var live = await PutAsync("live", Candidate);
        Send(2000);
        Follow();
        var filling = await PutAsync("filling", Candidate);
        Send(100);
        Assert.True(_shadows.Step());
        Assert.Equal((2100L, 512L), (live.Position, filling.Position));
    }

    [Fact]
    public async Task After_a_restart_it_counts_from_the_journal_what_it_had_counted()
    {
        Send(700);
        var shadow = await PutAsync("try", Candidate);
        Send(400);
        Follow();
        using var restarted = Open();
        await restarted.RestoreAsync();
        var again = Assert.Single(restarted.All);
        while (restarted.Step())
        {
        }

        Assert.Equal((shadow.AtTicks, shadow.RuleSet, 700L), (again.AtTicks, again.RuleSet, again.AfterPosition));
        Assert.Equal(TrialReportCsv.Write(shadow.Report()!), TrialReportCsv.Write(again.Report()!));
    }

    [Fact]
    public async Task The_rule_set_in_force_as_its_own_candidate_differs_in_nothing()
    {
        var shadow = await PutAsync("same", EngineRig.Yaml);
        Send(1000);
        Follow();
        Assert.Equal((1000L, 0L), (shadow.Report()!.Difference!.Compared, shadow.Report()!.Difference!.Changed));
        Assert.True(shadow.Report()!.Alerts > 0);
    }

    [Fact]
    public async Task One_that_is_removed_is_gone_for_good_and_its_place_is_free()
    {
        for (var i = 0; i < Shadows.Max; i++)
        {
            await PutAsync($"s{i}", Candidate);
        }

        Assert.Null((await _shadows.PutAsync("more", Candidate, "rules")).Shadow);
        Assert.NotNull((await _shadows.PutAsync("s3", EngineRig.Yaml, "rules")).Shadow);
        Assert.True(await _shadows.RemoveAsync("s3"));
        Assert.False(await _shadows.RemoveAsync("s3"));
        Assert.Null(_shadows.Find("s3"));
        await PutAsync("more", Candidate);
        using var restarted = Open();
        await restarted.RestoreAsync();
        Assert.Equal(_shadows.All.Select(shadow => shadow.Name), restarted.All.Select(shadow => shadow.Name));
    }

    [Fact]
    public async Task Rules_with_errors_put_nothing_up()
    {
        var answer = await _shadows.PutAsync("try", Candidate.Replace("amount > 1.2", "amout > 1.2", StringComparison.Ordinal), "rules");
        Assert.Null(answer.Shadow);
        Assert.Equal(6, Assert.Single(answer.Refusal!.Errors).Line);
        Assert.Empty(_shadows.All);
    }

    [Fact]
    public async Task A_row_that_can_t_be_read_ends_the_shadows_that_need_it_and_says_so()
    {
        var shadow = await PutAsync("try", Candidate);
        Send(10);
        _store.Rows[4] = _store.Rows[4] with { Entry = [99] };
        Follow();
        Assert.Equal((ShadowState.Failed, 4L), (shadow.State, shadow.Position));
        Assert.Contains("damaged", shadow.Failure, StringComparison.Ordinal);
        Assert.False(_shadows.Step());
    }

    [Fact]
    public async Task Named_lists_are_asked_as_they_are_when_it_looks()
    {
        var lists = NamedLists.Empty;
        using var shadows = new Shadows(_rig.Journal, _rig.Journal, WindowSettings.Default, () => lists, TimeProvider.System);
        var yaml = "name: l\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules:\n  - { id: listed, when: 'accountId in list(\"watched\")', score: 0.5, text: x }\n";
        var shadow = (await shadows.PutAsync("lists", yaml, "rules")).Shadow!;
        Send(50);
        Assert.True(shadows.Step());
        Assert.Equal(0, shadow.Report()!.Alerts);
        lists = lists.With(1, new NamedList("watched").With([.. Enumerable.Range(0, 5).Select(i => new ListChange(TextKey.Of($"a{i}"), ListChange.Never))]));
        Send(50);
        Assert.True(shadows.Step());
        Assert.Equal(50, shadow.Report()!.Alerts);
        Assert.Equal("as they are now (version 1)", shadow.Report()!.Lists);
    }

    [Fact]
    public async Task The_journal_s_end_is_found_from_anywhere()
    {
        for (var rows = 0; rows < 40; rows++)
        {
            for (var from = 0; from <= rows; from++)
            {
                Assert.Equal(rows, await JournalEnd.FindAsync(_rig.Journal, from));
            }

            Send(1);
        }
    }

    [Fact]
    public async Task A_follower_looks_when_it_is_woken_and_sleeps_otherwise()
    {
        await using var follower = new ShadowFollower(_shadows);
        var shadow = await PutAsync("try", Candidate);
        for (var round = 1; round <= 3; round++)
        {
            Send(100);
            follower.Wake();
            await Eventually.ThatAsync(() => shadow.Position == round * 100, "the shadow had looked at what was decided");
        }

        Assert.Equal(300, shadow.Report()!.Transactions.Decided);
    }

    private static long[] Count(TrialReport report) =>
    [
        report.Alerts, report.Outcomes.Approve, report.Outcomes.Review, report.Outcomes.Decline, .. report.Rules.Select(rule => rule.Hits), .. report.Rules.Select(rule => rule.Errors),
        .. report.Difference!.Outcomes.Select(change => change.Count), report.Difference.NewlyStopped.Count, report.Difference.NewlyPassed.Count,
    ];

    private Shadows Open() => new(_rig.Journal, _rig.Journal, WindowSettings.Default, () => NamedLists.Empty, TimeProvider.System);

    private async Task<Shadow> PutAsync(string name, string yaml) => (await _shadows.PutAsync(name, yaml, "rules")).Shadow!;

    private void Follow()
    {
        while (_shadows.Step())
        {
        }
    }

    /// <summary>Decides transactions of five accounts, sometimes many in a short time, some of them late.</summary>
    private void Send(int count)
    {
        for (var i = 0; i < count; i++, _sent++)
        {
            _seconds += _sent / 150 % 2 == 0 ? 100 : 900;
            _rig.Submit($"a{_sent % 5}", $"t{_sent}", _seconds - (_sent % 7 == 0 ? 20_000 : 0), 10_0000 + (_sent * 7919 % 400_000), $"m{_sent % 11}");
            if (i % 50 == 49)
            {
                _rig.RunAll();
            }
        }

        _rig.RunAll();
    }

    private async Task<string> BacktestAsync(string yaml) => TrialReportCsv.Write(await ReportAsync(yaml, _sent));

    private async Task<TrialReport> ReportAsync(string yaml, int rows)
    {
        var store = new SimulatedStore();
        store.Rows.AddRange(_store.Rows.Take(rows));
        store.RuleSets.AddRange(_store.RuleSets);
        await using var backtests = new Backtests(new SimulatedJournal(store), WindowSettings.Default, () => NamedLists.Empty);
        Assert.True(backtests.TryEnter());
        var backtest = (await backtests.StartAsync(yaml, "rules", new JournalRange(), labels: null)).Started!;
        await backtest.EndAsync();
        Assert.Null(backtest.Failure);
        return backtest.Report!;
    }
}
