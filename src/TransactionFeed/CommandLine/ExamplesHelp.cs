using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TransactionFeed.CommandLine;

/// <summary>The help as it comes, with the command's examples after it.</summary>
internal sealed class ExamplesHelp(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> ByCommand = new()
    {
        [ReplayCommand.Name] = ReplayCommand.Examples,
        [SimulateCommand.Name] = SimulateCommand.Examples,
        [LoadCommand.Name] = LoadCommand.Examples,
        [WatchCommand.Name] = WatchCommand.Examples,
        [AnswerCommand.Name] = AnswerCommand.Examples,
        [BacktestCommand.Name] = BacktestCommand.Examples,
        [FeaturesCommand.Name] = FeaturesCommand.Examples,
        [EvaluateCommand.Name] = EvaluateCommand.Examples,
    };

    /// <summary>Replaces the root command's help.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExamplesHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var examples = ByCommand.GetValueOrDefault(parseResult.CommandResult.Command.Name) ?? string.Join('\n', ByCommand.Values.Select(text => text.Split('\n')[0]));
        parseResult.InvocationConfiguration.Output.WriteLine("Examples:");
        foreach (var line in examples.Split('\n'))
        {
            parseResult.InvocationConfiguration.Output.WriteLine("  " + line);
        }

        return code;
    }
}
