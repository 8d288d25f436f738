using System.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.CommandLine;

/// <summary>The commands, and what happens when one fails.</summary>
internal static class FeedCommandLine
{
    private const string Description = """
        Feeds transactions to a fraud engine, measures it and shows its alerts.

        Examples:
          simulate --count 100000 --out payments.ndjson.gz
          replay payments.ndjson.gz --out decisions.csv
          load --duration 15s
          watch
        """;

    /// <summary>Runs one command and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, FeedConsole console, CancellationToken stop)
    {
        var root = new RootCommand(Description)
        {
            ReplayCommand.Build(console), SimulateCommand.Build(console),
        };
        var parsed = root.Parse(arguments);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, stop);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (FeedException e)
        {
            console.Say(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
