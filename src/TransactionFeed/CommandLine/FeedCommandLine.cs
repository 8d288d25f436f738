using System.CommandLine;
using System.CommandLine.Invocation;
using TransactionFeed.Reports;

namespace TransactionFeed.CommandLine;

/// <summary>The commands, and what happens when one fails.</summary>
internal static class FeedCommandLine
{
    /// <summary>Runs one command and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, FeedConsole console, CancellationToken stop)
    {
        var root = new RootCommand("Feeds transactions to a fraud engine, measures it and shows its alerts.")
        {
            ReplayCommand.Build(console), SimulateCommand.Build(console), LoadCommand.Build(console), WatchCommand.Build(console), AnswerCommand.Build(console),
            BacktestCommand.Build(console), FeaturesCommand.Build(console), EvaluateCommand.Build(console),
        };
        ExamplesHelp.Install(root);
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction mistake)
        {
            mistake.ShowHelp = false;
        }

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
