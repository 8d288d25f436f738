using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Engine.Changes;

/// <summary>Responses of customers, holds, releases and preferences over a real journal.</summary>
public sealed class ChangeTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteEngine _engine;

    public ChangeTests() => _engine = new SqliteEngine(_folder);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_denied_alert_stops_the_very_next_payment_labels_fraud_and_opens_a_case()
    {
        Assert.Equal("decline alert", await _engine.OutcomeAsync("a", "t1", 100));
        var at = _engine.Clock.Now.UtcTicks;
        Assert.Equal(ChangeResult.Stored, await _engine.RespondAsync("a", "t1", AlertResponse.Denied));
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t2", 10, 1));
        Assert.Equal("approve", await _engine.OutcomeAsync("b", "t1", 10));

        Assert.Equal([null, true], (await _engine.Engine.ReadEntriesAsync(SqliteEngine.Utf8("a"), long.MaxValue, 10)).Select(static entry => entry.IsFraud));
        var response = (await _engine.DocumentAsync(DocumentKind.Response, SqliteEngine.AlertOf("a", "t1")))!;
        Assert.Equal(("denied", "a", at), (response.Status, response.Account, response.CreatedTicks));
        Assert.Equal(
            $$"""{"alert":"{{SqliteEngine.AlertOf("a", "t1")}}","account":"a","transaction":"t1","response":"denied","by":"customer","at":"2026-06-01T12:00:00Z"}""",
            System.Text.Encoding.UTF8.GetString(response.Body));
        var opened = AnalystCase.FromBytes((await _engine.DocumentAsync(DocumentKind.Case, response.Key))!.Body);
        Assert.Equal(("a", "t1", CaseStatus.Open), (opened.AccountId, opened.Transactions.Single(), opened.Status));
        Assert.Equal("held", (await _engine.DocumentAsync(DocumentKind.Hold, "a"))!.Status);
        var view = (await _engine.Engine.QueryAsync(SqliteEngine.Utf8("a"), null))!;
        Assert.Equal((2, new AccountHold(Outcome.Decline, "customer", "The customer has denied a payment", at)), (view.Transactions, view.Hold));
        await _engine.AssertVerifiedAsync("a", "t1");
        await _engine.AssertVerifiedAsync("a", "t2");
    }

    [Fact]
    public async Task Everything_stands_after_a_restart()
    {
        await _engine.OutcomeAsync("denied", "t1", 100);
        await _engine.RespondAsync("denied", "t1", AlertResponse.Denied);
        await _engine.OutcomeAsync("confirmed", "t1", 100);
        await _engine.RespondAsync("confirmed", "t1", AlertResponse.Confirmed);
        await _engine.HoldAsync("held", Outcome.Review);
        await _engine.HoldAsync("released");
        await _engine.ReleaseAsync("released");
        await _engine.ChooseAsync("told", new ChosenActivity("above", 20));
        await RestartAsync();
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("denied", "t2", 10, 1));
        Assert.Equal("approve confirmed-by-customer", await _engine.OutcomeAsync("confirmed", "t2", 100, 1));
        Assert.Equal("review account-held alert", await _engine.OutcomeAsync("held", "t1", 10));
        Assert.Equal("approve", await _engine.OutcomeAsync("released", "t1", 10));
        Assert.Equal("approve activity alert", await _engine.OutcomeAsync("told", "t1", 21));
        Assert.Equal("approve", await _engine.OutcomeAsync("told", "t2", 20));
        await RestartAsync();
        foreach (var (account, id) in new[] { ("denied", "t2"), ("confirmed", "t2"), ("held", "t1"), ("released", "t1"), ("told", "t1"), ("told", "t2") })
        {
            await _engine.AssertVerifiedAsync(account, id);
        }
    }

    [Fact]
    public async Task A_hold_outlives_passivation()
    {
        await RestartAsync(new EngineSettings { Shards = 2, ResidentAccountsMax = 2, SnapshotOnPassivationMin = 1_000 });
        await _engine.HoldAsync("a");
        for (var i = 0; i < 20; i++)
        {
            await _engine.OutcomeAsync($"other{i}", "t", 10);
        }

        Assert.True(_engine.Engine.Count().Passivations > 0);
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t", 10));
    }

    [Fact]
    public async Task An_alert_is_answered_once()
    {
        await _engine.OutcomeAsync("a", "t1", 100);
        Assert.Equal(
            [ChangeResult.Stored, ChangeResult.Unchanged, ChangeResult.AnsweredOtherwise],
            await Task.WhenAll(
                _engine.RespondAsync("a", "t1", AlertResponse.Denied), _engine.RespondAsync("a", "t1", AlertResponse.Denied), _engine.RespondAsync("a", "t1", AlertResponse.Confirmed)));
        await RestartAsync();
        Assert.Equal(ChangeResult.Unchanged, await _engine.RespondAsync("a", "t1", AlertResponse.Denied));
        Assert.Equal(ChangeResult.AnsweredOtherwise, await _engine.RespondAsync("a", "t1", AlertResponse.Confirmed));
        Assert.Equal((1, 1), ((await _engine.Journal.MeasureAsync()).Labels, (await _engine.Journal.MeasureAsync()).Transactions));
    }

    [Fact]
    public async Task Only_an_alert_of_fraud_is_answered()
    {
        await _engine.ChooseAsync("a", new ChosenActivity("above", 5));
        Assert.Equal("approve activity alert", await _engine.OutcomeAsync("a", "t1", 10));
        Assert.Equal(ChangeResult.Unknown, await _engine.RespondAsync("a", "t1", AlertResponse.Denied));
        Assert.Equal(ChangeResult.Unknown, await _engine.RespondAsync("a", "t2", AlertResponse.Denied));
        Assert.Equal(ChangeResult.Unknown, await _engine.RespondAsync("nobody", "t1", AlertResponse.Confirmed));
        Assert.Null(await _engine.DocumentAsync(DocumentKind.Response, SqliteEngine.AlertOf("a", "t1")));
    }

    [Fact]
    public async Task A_confirmed_payment_lets_others_like_it_pass_and_no_others()
    {
        Assert.Equal("decline alert", await _engine.OutcomeAsync("a", "t1", 100));
        Assert.Equal(ChangeResult.Stored, await _engine.RespondAsync("a", "t1", AlertResponse.Confirmed));
        var alerts = _engine.Alerts;
        Assert.Equal("approve confirmed-by-customer", await _engine.OutcomeAsync("a", "t2", 100, 10 * 86_400));
        Assert.Equal(alerts, _engine.Alerts);
        Assert.Equal("decline alert", await _engine.OutcomeAsync("a", "t3", 100, 10 * 86_400, merchant: "other"));
        Assert.Equal("decline alert", await _engine.OutcomeAsync("a", "t4", 100, 10 * 86_400, device: "other"));
        Assert.Equal("decline alert", await _engine.OutcomeAsync("a", "t5", 100, (10 * 86_400) + 1));
        Assert.Equal([null, null, null, null, false], (await _engine.Engine.ReadEntriesAsync(SqliteEngine.Utf8("a"), long.MaxValue, 10)).Select(static entry => entry.IsFraud));
        await _engine.AssertVerifiedAsync("a", "t2");
        await _engine.AssertVerifiedAsync("a", "t5");
    }

    [Fact]
    public async Task A_label_that_is_known_is_not_stored_again()
    {
        await _engine.OutcomeAsync("a", "t1", 100);
        await _engine.LabelAsync("a", "t1", isFraud: true);
        Assert.Equal(ChangeResult.Stored, await _engine.RespondAsync("a", "t1", AlertResponse.Denied));
        Assert.Equal(1, _engine.Engine.Count().Labels);
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t2", 10));
    }

    [Fact]
    public async Task A_denial_does_not_weaken_a_hold()
    {
        await _engine.HoldAsync("a", Outcome.Decline);
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t1", 10));
        Assert.Equal(ChangeResult.Stored, await _engine.RespondAsync("a", "t1", AlertResponse.Denied, new ResponseTerms(1, Outcome.Review)));
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t2", 10));
        Assert.Contains("looked odd", System.Text.Encoding.UTF8.GetString((await _engine.DocumentAsync(DocumentKind.Hold, "a"))!.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_held_and_released()
    {
        Assert.Equal(ChangeResult.Unchanged, await _engine.ReleaseAsync("a"));
        Assert.Null(await _engine.Engine.QueryAsync(SqliteEngine.Utf8("a"), null));
        Assert.Equal(ChangeResult.Stored, await _engine.HoldAsync("a", Outcome.Review));
        Assert.Equal(ChangeResult.Unchanged, await _engine.HoldAsync("a", Outcome.Review, "another"));
        var view = (await _engine.Engine.QueryAsync(SqliteEngine.Utf8("a"), null))!;
        Assert.Equal((0, Outcome.Review, "analyst", "looked odd"), (view.Transactions, view.Hold!.Outcome, view.Hold.By, view.Hold.Reason));
        Assert.Equal("review account-held alert", await _engine.OutcomeAsync("a", "t1", 10));
        Assert.Equal(ChangeResult.Stored, await _engine.HoldAsync("a", Outcome.Decline));
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t2", 10));
        Assert.Equal(ChangeResult.Stored, await _engine.ReleaseAsync("a"));
        Assert.Equal("approve", await _engine.OutcomeAsync("a", "t3", 10));
        Assert.Equal("decline account-held alert", await _engine.OutcomeAsync("a", "t2", 10));
        var hold = (await _engine.DocumentAsync(DocumentKind.Hold, "a"))!;
        Assert.Equal(("released", 3), (hold.Status, hold.Version));
        Assert.Equal("was fine", JsonDocument.Parse(hold.Body).RootElement.GetProperty("released").GetProperty("reason").GetString());
        Assert.Equal((3, 3), (_engine.Engine.Count().Changes, (await _engine.Journal.MeasureAsync()).Transactions));
        foreach (var id in (string[])["t1", "t2", "t3"])
        {
            await _engine.AssertVerifiedAsync("a", id);
        }
    }

    [Fact]
    public async Task Preferences_are_replaced_and_removed_and_only_other_activity_is_an_event()
    {
        await _engine.ChooseAsync("a", new ChosenActivity("above", 20));
        await _engine.ChooseAsync("a", new ChosenActivity("above", 20));
        Assert.Equal((1, 2), (_engine.Engine.Count().Changes, (await _engine.DocumentAsync(DocumentKind.Preferences, "a"))!.Version));
        Assert.Equal("approve activity alert", await _engine.OutcomeAsync("a", "t1", 21));
        Assert.True(_engine.Engine.Admission.TryEnter());
        Assert.Equal(ChangeResult.Stored, await _engine.Engine.PutPreferencesAsync(SqliteEngine.Utf8("a"), null, null));
        Assert.Equal("approve", await _engine.OutcomeAsync("a", "t2", 21));
        var removed = (await _engine.DocumentAsync(DocumentKind.Preferences, "a"))!;
        Assert.Equal("removed", removed.Status);
        Assert.Null(CustomerPreferences.FromBytes(removed.Body).Email);
        await _engine.AssertVerifiedAsync("a", "t1");
        await _engine.AssertVerifiedAsync("a", "t2");
    }

    [Fact]
    public async Task A_backtest_applies_the_holds_that_there_were()
    {
        await _engine.HoldAsync("a", Outcome.Review);
        await _engine.OutcomeAsync("a", "t1", 10);
        await _engine.OutcomeAsync("a", "t2", 100);
        await _engine.ReleaseAsync("a");
        await _engine.OutcomeAsync("a", "t3", 10);
        await _engine.OutcomeAsync("a", "t4", 100);
        await _engine.RespondAsync("a", "t4", AlertResponse.Confirmed);
        await _engine.OutcomeAsync("a", "t5", 100);
        var same = await _engine.BacktestAsync();
        Assert.Equal((5, 0), (same.Difference!.Compared, same.Difference.Changed));

        // Rules that stop nothing: what the hold stopped stays stopped.
        var mild = await _engine.BacktestAsync(SqliteEngine.Yaml.Replace(">= 50", ">= 5000", StringComparison.Ordinal).Replace(">= 100", ">= 5000", StringComparison.Ordinal));
        Assert.Equal((5, 0, 1), (mild.Difference!.Compared, mild.Difference.NewlyStopped.Count, mild.Difference.NewlyPassed.Count));
    }

    private async Task RestartAsync(EngineSettings? settings = null)
    {
        await _engine.DisposeAsync();
        _engine = new SqliteEngine(_folder, settings);
    }
}
