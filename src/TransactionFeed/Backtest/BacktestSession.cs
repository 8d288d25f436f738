using System.Diagnostics;
using FraudEngine.Trials;
using FraudEngine.Windows;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Reports;

namespace TransactionFeed.Backtest;

/// <summary>A backtest over files as the user sees it: progress, the report, the rate.</summary>
internal sealed class BacktestSession(BacktestSettings settings, FeedConsole console)
{
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var candidate = RuleFiles.ReadRules(settings.Rules);
        var against = await RuleFiles.ReadAgainstAsync(settings, candidate, stop);
        var trial = new TrialSettings(candidate, WindowSettings.Default)
        {
            Against = against,
            Lists = RuleFiles.ReadLists(settings.Lists),
            AccountsMax = settings.AccountsMax,
            IsLabelled = settings.IsLabelled,
            LabelDelay = settings.LabelDelay,
            Model = settings.Model is { } model ? RuleFiles.ReadModel(model) : null,
            FromTicks = SharedOptions.TicksOf(settings.From) ?? long.MinValue,
            ToTicks = SharedOptions.TicksOf(settings.Until) ?? long.MaxValue,
        };
        trial = trial with { Partitions = trial.IsInOrder ? 1 : Environment.ProcessorCount };
        using var reader = new BlockReader(settings.Data, InputFormat.None, trial.PartitionOf, settings.Limit);
        var labels = settings.Labels is { } path ? LabelFile.Read(path, stop) : null;
        var watch = Stopwatch.StartNew();
        var partitions = await RunAsync(trial, reader, labels, watch, stop);
        var elapsed = watch.Elapsed;
        var report = TrialSummary.Of(trial, partitions, against?.Reference, settings.Lists ?? "none given: every list is empty");
        ReportFile.Write(report, settings.Format, settings.Out, console);
        console.Say($"{reader.Rows:N0} rows in {ReportTable.Seconds(elapsed)} ({ReportTable.PerSecond(reader.Rows, elapsed)}).");
        return ExitCode.Done;
    }

    private async Task<IReadOnlyList<TrialPartition>> RunAsync(TrialSettings trial, BlockReader reader, LabelBook? labels, Stopwatch watch, CancellationToken stop)
    {
        using var decisions = settings.Decisions is { } path ? OutputFile.Create(path) : null;
        try
        {
            return await ProgressDisplay.RunAsync(
                console.Messages,
                () => new ProgressMark(
                    reader.BytesTotal > 0 ? (double)reader.BytesRead / reader.BytesTotal : null, $"{reader.Rows:N0} rows, {ReportTable.PerSecond(reader.Rows, watch.Elapsed)}"),
                new BacktestRun(trial, reader, labels, decisions).RunAsync(stop));
        }
        catch (TrialException e)
        {
            throw FeedException.Failed(e.Message);
        }
    }
}
