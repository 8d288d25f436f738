using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>The backtests over a journal: a few at a time, and the last ones kept until there are too many or the process ends. Safe from any thread.</summary>
/// <param name="lists">The named lists as they are now.</param>
public sealed class Backtests(IJournal journal, WindowSettings windows, Func<NamedLists> lists) : IAsyncDisposable
{
    /// <summary>At a time; one more is refused.</summary>
    public const int RunningMax = 2;

    /// <summary>When there are more, the oldest that has ended is forgotten.</summary>
    public const int KeptMax = 100;

    private readonly Lock _lock = new();
    private readonly List<Backtest> _kept = [];
    private int _places = RunningMax;
    private long _number;

    /// <summary>The model that is in force at the moment; null where none is.</summary>
    public Func<NumberedModel?> ModelInForce { get; init; } = static () => null;

    /// <summary>The kinds of entities, beside accounts, that rules and models may look at; null for all.</summary>
    public IReadOnlySet<EntityKind>? Entities { get; init; }

    /// <summary>All that are kept, the newest first.</summary>
    public IReadOnlyList<Backtest> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept.AsEnumerable().Reverse()];
            }
        }
    }

    public Backtest? Find(string id) => All.FirstOrDefault(backtest => backtest.Id == id);

    /// <summary>Takes a place for one more, before anything is read for it; false where all are taken. To be followed by <see cref="StartAsync"/> or <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Decrement(ref _places) >= 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Increment(ref _places);

    /// <summary>Starts a backtest in the place that was taken. Where it is refused, the place is given back.</summary>
    /// <param name="fileName">How errors name the rules.</param>
    /// <param name="model">The one in force where it is null.</param>
    public async Task<BacktestAnswer> StartAsync(string rules, string fileName, JournalRange range, LabelBook? labels, ModelChoice? model = null)
    {
        Backtest? started = null;
        try
        {
            model ??= ModelChoice.InForce;
            if (TrialParts.TryLoad(rules, fileName, model, windows, Entities, out var parts) is { } refusal)
            {
                return new BacktestAnswer(null, refusal);
            }

            var settings = new TrialSettings(parts!.Rules, windows) { Lists = lists(), Model = model == ModelChoice.InForce ? ModelInForce()?.Model : parts.Model };
            var size = await journal.MeasureAsync();
            started = Start(settings, range, labels, size.Transactions + size.Labels);
            _ = started.EndAsync().ContinueWith(_ => Leave(), TaskScheduler.Default);
            return new BacktestAnswer(started, null);
        }
        finally
        {
            if (started is null)
            {
                Leave();
            }
        }
    }

    /// <summary>Ends a backtest where it runs, and forgets it. False where there is none of that id.</summary>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            var found = _kept.Find(backtest => backtest.Id == id);
            found?.Cancel();
            return found is not null && _kept.Remove(found);
        }
    }

    /// <summary>Ends all of them. To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var backtest in All)
        {
            backtest.Cancel();
            await backtest.EndAsync();
        }
    }

    private Backtest Start(TrialSettings settings, JournalRange range, LabelBook? labels, long total)
    {
        lock (_lock)
        {
            var backtest = new Backtest((++_number).ToString(CultureInfo.InvariantCulture), journal, settings, range, labels, total);
            _kept.Add(backtest);
            if (_kept.Count > KeptMax && _kept.Find(static kept => kept.State != BacktestState.Running) is { } oldest)
            {
                _kept.Remove(oldest);
            }

            backtest.Start();
            return backtest;
        }
    }
}
