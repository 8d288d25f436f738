using System.Threading.Channels;
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
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ISharedJournal _journal;
    private readonly ListBook _lists;
    private readonly RuleBook _rules;
    private readonly ModelBook _models;
    private readonly Shadows _shadows;
    private readonly ILogger _log;
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _timer;
    private readonly Task _following;
    private long _revision = -1;
    private bool _hasFailed;

    public SettingsFollower(ISharedJournal journal, ListBook lists, RuleBook rules, ModelBook models, Shadows shadows, ILogger log, TimeProvider clock)
    {
        (_journal, _lists, _rules, _models, _shadows, _log) = (journal, lists, rules, models, shadows, log);
        _timer = clock.CreateTimer(static follower => ((SettingsFollower)follower!).Wake(), this, Interval, Interval);
        _following = FollowAsync();
    }

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _woken.Writer.TryComplete();
        await _timer.DisposeAsync();
        await _following;
    }

    private async Task FollowAsync()
    {
        await foreach (var _ in _woken.Reader.ReadAllAsync())
        {
            try
            {
                await TakeOverAsync();
                _hasFailed = false;
            }
            catch (Exception reason) when (reason is IOException or InvalidDataException or RuleSetException)
            {
                // Said once, and tried again until it works.
                if (!_hasFailed)
                {
                    _log.SettingsNotFollowed(reason.Message);
                }

                _hasFailed = true;
            }
        }
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
