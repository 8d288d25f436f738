using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Runs the client's command line as a process would, and keeps what it says.</summary>
internal sealed class Feed : IDisposable
{
    private readonly StringWriter _results = new();
    private readonly StringWriter _messages = new();

    public string Results => _results.ToString();

    public string Messages => _messages.ToString();

    /// <summary>What the user types.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    public void Dispose()
    {
        _results.Dispose();
        _messages.Dispose();
    }

    /// <summary>The exit code.</summary>
    public Task<int> RunAsync(params string[] arguments) => RunAsync(arguments, CancellationToken.None);

    public Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        // A StringWriter is written to by one task at a time only.
        var console = new FeedConsole(FeedConsole.Of(TextWriter.Synchronized(_results)), FeedConsole.Of(TextWriter.Synchronized(_messages))) { Input = Input };
        return FeedCommandLine.RunAsync(arguments, console, stop);
    }
}
