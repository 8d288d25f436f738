using System.Text;
using Spectre.Console;
using TransactionFeed.Reports;

namespace FraudEngine.Tests.TransactionFeed;

public sealed class ProgressDisplayTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1,000 [rows]")]
    public async Task A_terminal_gets_a_bar_whatever_the_words(string text)
    {
        var terminal = new Terminal();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = terminal });
        var ending = new TaskCompletionSource<int>();

        // The second look comes from within the bar.
        var looks = 0;
        ProgressMark Look()
        {
            if (++looks == 2)
            {
                ending.SetResult(7);
            }

            return new ProgressMark(0.5, text);
        }

        Assert.Equal(7, await ProgressDisplay.RunAsync(console, Look, ending.Task));

        Assert.Contains("50%", terminal.Writer.ToString(), StringComparison.Ordinal);
    }

    private sealed class Terminal : IAnsiConsoleOutput
    {
        public TextWriter Writer { get; } = new StringWriter();
        public bool IsTerminal => true;
        public int Width => 100;
        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
