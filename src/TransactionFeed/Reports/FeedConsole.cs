using Spectre.Console;

namespace TransactionFeed.Reports;

/// <summary>Results go to standard output, progress and messages to standard error. Colours and bars appear on terminals only.</summary>
internal sealed record FeedConsole(IAnsiConsole Results, IAnsiConsole Messages)
{
    private const int WidthOffTerminal = 10_000;

    /// <summary>What the user types; empty where nobody can be asked.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    public static FeedConsole OfProcess() => new(Of(Console.Out), Of(Console.Error)) { Input = Console.In };

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

    /// <summary>A line of the user's; null at the end of what there is.</summary>
    public async Task<string?> AskAsync(string question, CancellationToken stop)
    {
        Messages.Profile.Out.Writer.Write(question);
        await Messages.Profile.Out.Writer.FlushAsync(stop);

        // A terminal is read on a thread of its own: it can't be asked to stop.
        return await Task.Run(Input.ReadLine, stop).WaitAsync(stop);
    }

    /// <summary>One line to the user, however long.</summary>
    public void Say(string message) => Messages.Profile.Out.Writer.WriteLine(message);
}
