using TransactionFeed.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.Watch;

/// <summary>Prints alerts until it is stopped.</summary>
internal static class WatchSession
{
    /// <param name="answers">By which the user answers alerts; null where nobody is asked.</param>
    public static async Task<int> RunAsync(EngineAddress engine, string? account, string lastEventId, AlertAnswers? answers, FeedConsole console, CancellationToken stop)
    {
        await engine.CheckReachableAsync(stop);
        using var alerts = new AlertStream(engine, account, console.Say, TimeProvider.System) { LastEventId = lastEventId };
        console.Say($"Watching {engine}{(account is null ? "" : $" for account {account}")}; Ctrl-C ends it.");
        long count = 0;
        try
        {
            await foreach (var json in alerts.ReadAsync(stop))
            {
                count++;
                if (Alert.Read(json) is { } alert)
                {
                    AlertPrinter.Print(console, alert);
                    await (alert.IsAnswerable && answers is not null ? answers.AskAsync(alert.AlertId, console, stop) : Task.CompletedTask);
                }
                else
                {
                    console.Say("This alert is not JSON: " + json);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The usual end.
        }

        console.Say($"{count:N0} alerts{(alerts.LastEventId.Length > 0 ? $"; go on with --after {alerts.LastEventId}" : "")}.");
        return ExitCode.Done;
    }
}
