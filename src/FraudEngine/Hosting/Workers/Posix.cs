using System.Runtime.InteropServices;

namespace FraudEngine.Hosting.Workers;

/// <summary>What of Linux's C library .NET has no call for.</summary>
internal static class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int TooManyFiles = 24;
    public const int TooManyFilesOfAll = 23;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 0x80000;
    private const int StandardOutput = 1;

    /// <summary>Sends a signal. One to a process that has ended is lost, which is as well.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Processes started from now on have this descriptor too: .NET sets close-on-exec on all of its own.</summary>
    public static void LetInherit(int descriptor)
    {
        if (SetFlags(descriptor, SetDescriptorFlags, 0) != 0)
        {
            throw new StartException("The listening socket can't be shared with the workers: fcntl failed.");
        }
    }

    /// <summary>Waits for a connection, at most for the socket's receive timeout. Gives its descriptor, or -1 and why there is none.</summary>
    public static int Accept(int socket, out int error)
    {
        var accepted = Accept(socket, 0, 0, CloseOnExec);
        error = accepted < 0 ? Marshal.GetLastPInvokeError() : 0;
        return accepted;
    }

    /// <summary>Whether the output goes to a terminal that is still there.</summary>
    public static bool HasTerminal() => IsTerminal(StandardOutput) == 1;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int SetFlags(int descriptor, int command, int flags);

    [DllImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static extern int Accept(int socket, nint address, nint length, int flags);

    [DllImport("libc", EntryPoint = "isatty")]
    private static extern int IsTerminal(int descriptor);
}
