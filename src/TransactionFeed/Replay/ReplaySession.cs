using System.Diagnostics;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Labels;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.Replay;

/// <summary>A replay as the user sees it: progress, the table at the end, the exit code.</summary>
internal sealed class ReplaySession(EngineAddress engine, ReplaySettings settings, FeedConsole console)
{
    /// <summary><paramref name="share"/> says how much of the source is read, where that is known.</summary>
    public async Task<int> RunAsync(IRecordSource source, string? outPath, Func<double?> share, CancellationToken stop)
    {
        var labels = settings.Labels is { Files.Count: > 0 } files ? LabelBook.Read(files.Files, files.WithGenuine, stop) : null;
        await engine.CheckReachableAsync(stop);
        using var output = outPath is null ? null : OutputFile.Create(outPath);
        var replayer = new Replayer(engine, settings, labels, TimeProvider.System);
        var watch = Stopwatch.StartNew();
        try
        {
            var end = await ProgressDisplay.RunAsync(
                console.Messages,
                () => new ProgressMark(share(), ReplayReport.Line(replayer.Counts, watch.Elapsed)),
                Task.Run(() => replayer.RunAsync(source, output, stop), CancellationToken.None));
            return end == ReplayEnd.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
        }
        finally
        {
            ReplayReport.Print(console, replayer.Counts, watch.Elapsed);
        }
    }
}
