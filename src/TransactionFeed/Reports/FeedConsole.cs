using Spectre.Console;

namespace TransactionFeed.Reports;

/// <summary>Results go to standard output, progress and messages to standard error. Colours and bars appear on terminals only.</summary>
internal sealed record FeedConsole(IAnsiConsole Results, IAnsiConsole Messages)
{
    private const int WidthOffTerminal = 10_000;

    public static FeedConsole OfProcess() => new(Of(Console.Out), Of(Console.Error));

    /// <summary>A console that writes to <paramref name="writer"/>, a terminal or not.</summary>
    public static IAnsiConsole Of(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        if (output.IsTerminal)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        }

        // Spectre would colour a file where the environment names a terminal.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = WidthOffTerminal;
        return console;
    }

    /// <summary>One line to the user, however long.</summary>
    public void Say(string message) => Messages.Profile.Out.Writer.WriteLine(message);
}
