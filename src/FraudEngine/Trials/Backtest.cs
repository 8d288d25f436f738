using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>How far a backtest has come.</summary>
public enum BacktestState
{
    None,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// <summary>Which transactions of a journal are compared. What comes before fills the windows.</summary>
/// <param name="FromTicks">From this event time on, in UTC ticks.</param>
/// <param name="ToTicks">Up to this event time, itself not included.</param>
/// <param name="AccountId">Only this account, as UTF-8; all where it is null.</param>
public sealed record JournalRange(long FromTicks = long.MinValue, long ToTicks = long.MaxValue, byte[]? AccountId = null);

/// <summary>A candidate on trial over what a journal held when it began.</summary>
public sealed class Backtest
{
    private const int PageRows = 1024;

    private readonly IJournal _journal;
    private readonly JournalRange _range;
    private TrialSettings? _settings;
    private LabelBook? _labels;
    private long _done;
    private volatile TrialReport? _report;
    private volatile bool _isCancelled;

    internal Backtest(string id, IJournal journal, TrialSettings settings, JournalRange range, LabelBook? labels, long total)
    {
        Id = id;
        RuleSet = settings.Candidate.Reference;
        Model = settings.Model?.Features.Reference;
        Total = total;
        _journal = journal;
        _settings = settings;
        _range = range;
        _labels = labels;
        Completion = Task.CompletedTask;
    }

    public string Id { get; }

    /// <summary><c>name@version</c>.</summary>
    public string RuleSet { get; }

    /// <summary><c>name@version</c> of the model that scores with the rules; null where none does.</summary>
    public string? Model { get; }

    /// <summary>Rows of the journal that were looked at.</summary>
    public long Done => Volatile.Read(ref _done);

    public long Total { get; }

    public BacktestState State => !Completion.IsCompleted ? BacktestState.Running
        : _report is not null ? BacktestState.Done
        : _isCancelled ? BacktestState.Cancelled
        : BacktestState.Failed;

    /// <summary>Null until it is done.</summary>
    public TrialReport? Report => _report;

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure => State == BacktestState.Failed ? Completion.Exception?.GetBaseException().Message : null;

    /// <summary>Ends with the backtest, whatever came of it.</summary>
    public Task EndAsync() => Completion.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private Task Completion { get; set; }

    internal void Start() => Completion = BackgroundThread.RunAsync(Run);

    internal void Cancel() => _isCancelled = true;

    private void Run()
    {
        var settings = _settings!;
        var trial = new JournalTrial(settings, _journal.Catalog, _labels);
        var fillFrom = EventTime.Before(_range.FromTicks, settings.KeptTicks);

        // It is kept long after it has ended, and labels and lists may be large.
        (_settings, _labels) = (null, null);
        var position = 0L;
        while (_done < Total)
        {
            if (_isCancelled)
            {
                return;
            }

            var rows = _journal.ScanAsync(position, (int)Math.Min(PageRows, Total - _done)).GetAwaiter().GetResult();
            var counted = 0;
            foreach (var row in rows)
            {
                position = row.Position;

                // Changes are not in the total.
                counted += ChangeCodec.IsChange(row.Bytes) ? 0 : 1;
                var isAsked = _range.AccountId is null || row.AccountId.AsSpan().SequenceEqual(_range.AccountId);
                if (isAsked || settings.IsInOrder)
                {
                    Take(trial, row, fillFrom, isAsked);
                }
            }

            Volatile.Write(ref _done, rows.Count == 0 ? Total : _done + counted);
        }

        _report = TrialSummary.Of(settings, [trial.Partition], TrialSummary.Journal, TrialSummary.ListsNow(settings.Lists));
    }

    /// <param name="isAsked">Whether its account is compared; those of others fill the windows of the entities that they share.</param>
    private void Take(JournalTrial trial, in JournalRow row, long fillFrom, bool isAsked)
    {
        if (!trial.TryRead(row))
        {
            return;
        }

        var ticks = trial.Transaction.TimestampTicks;
        if (isAsked && ticks >= _range.FromTicks && ticks < _range.ToTicks)
        {
            trial.Compare(row);
        }
        else if (ticks > fillFrom)
        {
            trial.Fill(row);
        }
    }
}

/// <summary>What came of asking for a backtest.</summary>
/// <param name="Started">Null where it is refused.</param>
/// <param name="Refusal">Null where it is not.</param>
public sealed record BacktestAnswer(Backtest? Started, TrialRefusal? Refusal);
