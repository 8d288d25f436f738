using System.Buffers;
using System.Diagnostics;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Trials;
using FraudEngine.Windows;
using TransactionFeed.Backtest;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Reports;

namespace TransactionFeed.Features;

/// <summary>Features of files as the user sees it: progress, the rows, and what became of them.</summary>
internal sealed class FeatureSession(FeatureSettings settings, FeedConsole console)
{
    private const int BlockBytes = 1 << 20;
    private const int FlushBytes = 1 << 18;

    private long _written;
    private long _refused;
    private int _ahead;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var lists = RuleFiles.ReadLists(settings.Lists);
        var features = Read(lists);
        using var reader = new BlockReader(settings.Data, InputFormat.None, static _ => 0, long.MaxValue);
        var labels = settings.Labels is { } path ? LabelFile.Read(path, stop) : null;
        var watch = Stopwatch.StartNew();
        using var output = OutputFile.Create(settings.Out);
        await ProgressDisplay.RunAsync(
            console.Messages,
            () => new ProgressMark(
                reader.BytesTotal > 0 ? (double)reader.BytesRead / reader.BytesTotal : null, $"{reader.Rows:N0} rows, {ReportTable.PerSecond(reader.Rows, watch.Elapsed)}"),
            Task.Run(
                () =>
                {
                    Run(new FeatureHistory(features, lists, WindowSettings.Default, settings.LabelDelay, settings.EntitiesMax), features, reader, labels, output, stop);
                    return true;
                },
                CancellationToken.None));
        console.Say(
            $"{reader.Rows:N0} rows read, {_written:N0} written with {features.Features.Length} features each, {_refused:N0} that the engine would refuse; "
            + $"{_ahead:N0} labels were not known yet at the end. {ReportTable.Seconds(watch.Elapsed)} ({ReportTable.PerSecond(reader.Rows, watch.Elapsed)}).");
        return ExitCode.Done;
    }

    private FeatureSet Read(NamedLists lists)
    {
        try
        {
            return FeatureSet.Parse(RuleFiles.ReadText(settings.Model), settings.Model, WindowSettings.Default, settings.Lists is null ? null : lists.Lists.Keys.ToHashSet());
        }
        catch (RuleSetException e)
        {
            throw FeedException.Usage(e.Message);
        }
    }

    private void Run(FeatureHistory history, FeatureSet features, BlockReader reader, LabelBook? labels, Stream output, CancellationToken stop)
    {
        var rows = new ArrayBufferWriter<byte>(2 * FlushBytes);
        rows.Write(FeatureCsv.Header(features.Features.Select(static feature => feature.Name)));
        var block = new RowBlock(BlockBytes, partitions: 1);
        var parser = new RowParser();
        try
        {
            while (reader.Fill(block))
            {
                for (var row = 0; row < block.Count; row++)
                {
                    Take(history, block, row, parser, labels, rows);
                    if (rows.WrittenCount >= FlushBytes)
                    {
                        stop.ThrowIfCancellationRequested();
                        output.Write(rows.WrittenSpan);
                        rows.ResetWrittenCount();
                    }
                }
            }
        }
        catch (TrialException e)
        {
            throw FeedException.Failed(e.Message);
        }

        output.Write(rows.WrittenSpan);
        _ahead = history.LabelsAhead;
    }

    private void Take(FeatureHistory history, RowBlock block, int row, RowParser parser, LabelBook? labels, ArrayBufferWriter<byte> output)
    {
        var transaction = history.Transaction;
        if (!parser.TryRead(block, row, transaction))
        {
            _refused++;
            return;
        }

        var label = labels?.Find(transaction.AccountId, transaction.TransactionId) ?? block.Label(row);
        if (!history.TryTake(label, out var features))
        {
            _refused++;
        }
        else if (transaction.TimestampTicks >= settings.FromTicks && transaction.TimestampTicks < settings.ToTicks)
        {
            _written++;
            FeatureCsv.Write(output, transaction, label, features);
        }
    }
}
