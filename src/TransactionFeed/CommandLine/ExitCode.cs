namespace TransactionFeed.CommandLine;

/// <summary>What the process says to the shell when it ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Begun, and given up or ended with a result that isn't right.</summary>
    public const int Failed = 1;

    /// <summary>Wrong option, file or address; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C, as a shell has it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
