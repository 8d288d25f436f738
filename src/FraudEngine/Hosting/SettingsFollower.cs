using FraudEngine.Engine;
using FraudEngine.Engine.Lists;
using FraudEngine.Rules;
using FraudEngine.Storage;
using FraudEngine.Telemetry;
using FraudEngine.Trials;

namespace FraudEngine.Hosting;

/// <summary>Puts in force on this node what was put in force on another: lists, rules, model and shadows that stand in the journal that they share.</summary>
internal sealed class SettingsFollower : IAsyncDisposable
{
    private readonly ISharedJournal _journal;
    private readonly ListBook _lists;
    private readonly RuleBook _rules;
    private readonly ModelBook _models;
    private readonly Shadows _shadows;
    private readonly ILogger _log;
    private readonly JournalFollower _follower;
    private long _revision = -1;
    private bool _hasFailed;

    public SettingsFollower(ISharedJournal journal, ListBook lists, RuleBook rules, ModelBook models, Shadows shadows, ILogger log, TimeProvider clock)
    {
        (_journal, _lists, _rules, _models, _shadows, _log) = (journal, lists, rules, models, shadows, log);
        _follower = new JournalFollower(FollowAsync, clock, TellOfFailure);
    }

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _follower.Wake();

    /// <summary>To be called before the journal is closed.</summary>
    public ValueTask DisposeAsync() => _follower.DisposeAsync();

    private async Task FollowAsync()
    {
        try
        {
            await TakeOverAsync();
            _hasFailed = false;
        }
        catch (RuleSetException reason)
        {
            TellOfFailure(reason);
        }
    }

    /// <summary>Once, though it is tried again until it works.</summary>
    private void TellOfFailure(Exception reason)
    {
        if (!_hasFailed)
        {
            _log.SettingsNotFollowed(reason.Message);
        }

        _hasFailed = true;
    }

    private async Task TakeOverAsync()
    {
        // Read first: what changes while the rest is read is found the next time.
        var revision = await _journal.ReadRevisionAsync();
        if (revision == _revision)
        {
            return;
        }

        await _journal.RefreshCatalogAsync();
        await _lists.FollowAsync();
        var rules = await _rules.FollowAsync();
        var model = await _models.FollowAsync();
        if (rules.Kind == RulesAnswerKind.Invalid || model.Kind == RulesAnswerKind.Invalid)
        {
            throw new InvalidDataException(rules.Kind == RulesAnswerKind.Invalid ? rules.Detail : model.Detail);
        }

        await _shadows.FollowAsync();
        _revision = revision;
    }
}
