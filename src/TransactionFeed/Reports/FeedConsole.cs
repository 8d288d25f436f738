using Spectre.Console;

namespace TransactionFeed.Reports;

/// <summary>Results go to standard output, progress and messages to standard error. Colours and bars appear on terminals only.</summary>
internal sealed record FeedConsole(IAnsiConsole Results, IAnsiConsole Messages)
{
    private const int WidthOffTerminal = 140;

    public static FeedConsole OfProcess() => new(Of(Console.Out), Of(Console.Error));

    /// <summary>A console that writes to <paramref name="writer"/>, a terminal or not.</summary>
    public static IAnsiConsole Of(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthOffTerminal;
        }

        return console;
    }

    /// <summary>One line to the user, brackets and all.</summary>
    public void Say(string message) => Messages.WriteLine(message);
}
