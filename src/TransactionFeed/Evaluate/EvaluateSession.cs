using System.Diagnostics;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.Evaluate;

/// <summary>An evaluation as the user sees it: progress, the report, the rate.</summary>
internal sealed class EvaluateSession(EvaluateSettings settings, FeedConsole console)
{
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var reader = new BookReader(settings);
        string[] files = [.. settings.Labels, .. settings.Data, settings.Decisions];
        long? bytes = files.All(File.Exists) ? files.Sum(static file => new FileInfo(file).Length) : null;
        var evaluation = await ProgressDisplay.RunAsync(
            console.Messages,
            () => new ProgressMark(bytes > 0 ? Math.Min(1, (double)reader.BytesRead / bytes.Value) : null, $"{reader.Rows:N0} rows"),
            Task.Run(() => Evaluate(reader, stop), CancellationToken.None));
        EvaluationFile.Write(evaluation, settings, console);
        console.Say($"{reader.Rows:N0} rows in {ReportTable.Seconds(watch.Elapsed)} ({ReportTable.PerSecond(reader.Rows, watch.Elapsed)}).");
        return ExitCode.Done;
    }

    private Evaluation Evaluate(BookReader reader, CancellationToken stop)
    {
        reader.Read(stop);
        return EvaluationSummary.Of(settings, reader);
    }
}
