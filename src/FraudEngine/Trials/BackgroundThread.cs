using System.Runtime.InteropServices;

namespace FraudEngine.Trials;

/// <summary>Runs work on a thread of its own, below the priority of what answers transactions.</summary>
internal static class BackgroundThread
{
    // Of 0 to 19, the highest yielding the most: a trial gets what is left over, but never nothing.
    private const int Niceness = 10;

    /// <summary>Whatever the work throws stands in the task.</summary>
    public static Task RunAsync(Action work) => Task.Factory.StartNew(
        () =>
        {
            Yield();
            work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>.NET gives no thread another priority on Linux, so the system is asked itself; there a process id of 0 is the calling thread.</summary>
    private static void Yield()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            // Without it the trial runs all the same.
            _ = SetPriority(which: 0, who: 0, Niceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
