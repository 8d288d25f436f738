using System.Diagnostics;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Replay;
using TransactionFeed.Reports;

namespace TransactionFeed.Broker;

/// <summary>A publication as the user sees it: progress, the table at the end, the exit code.</summary>
internal sealed class PublishSession(BrokerAddress broker, ReplaySettings settings, FeedConsole console)
{
    /// <summary><paramref name="share"/> says how much of the source is read, where that is known.</summary>
    public async Task<int> RunAsync(IRecordSource source, Func<double?> share, CancellationToken stop)
    {
        var publisher = new Publisher(broker, settings, TimeProvider.System);
        await publisher.CheckReachableAsync(stop);
        var watch = Stopwatch.StartNew();
        try
        {
            var end = await ProgressDisplay.RunAsync(
                console.Messages,
                () => new ProgressMark(share(), PublishReport.Line(publisher.Counts, watch.Elapsed)),
                Task.Run(() => publisher.RunAsync(source, stop), CancellationToken.None));
            return end == ReplayEnd.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
        }
        finally
        {
            PublishReport.Print(console, publisher.Counts, watch.Elapsed);
        }
    }
}
