namespace TransactionFeed.CommandLine;

/// <summary>Something that the user has to know and can act on: said in one line, without a stack trace.</summary>
internal sealed class FeedException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What was asked for can't be done: a file that isn't there, a URL that nobody answers at.</summary>
    public static FeedException Usage(string message) => new(message, CommandLine.ExitCode.Usage);

    /// <summary>It was begun, and did not end well.</summary>
    public static FeedException Failed(string message) => new(message, CommandLine.ExitCode.Failed);
}
