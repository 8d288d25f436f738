namespace TransactionFeed.Load;

/// <summary>
/// Makes one thread wait for all sockets and run what follows there, without a thread pool in between: a third of the CPU per request.
/// .NET reads these settings when the first socket is opened.
/// </summary>
internal static class SocketSettings
{
    public static void KeepCompletionsInline()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }
}
