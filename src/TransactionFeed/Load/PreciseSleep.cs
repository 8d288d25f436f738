using System.Runtime.InteropServices;

namespace TransactionFeed.Load;

/// <summary>Lets a thread of our own wait for parts of a millisecond, which no timer of .NET does.</summary>
internal static class PreciseSleep
{
    private static readonly ManualResetEventSlim Never = new(initialState: false, spinCount: 0);

    /// <summary>About 60 µs more than <paramref name="time"/> on Linux; elsewhere up to some milliseconds.</summary>
    public static void For(TimeSpan time)
    {
        if (OperatingSystem.IsLinux() && time < TimeSpan.FromSeconds(1))
        {
            var request = new TimeSpec { Seconds = 0, Nanoseconds = (nint)(time.Ticks * 100) };
            _ = Nanosleep(in request, 0);
        }
        else
        {
            Never.Wait(time);
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Nanosleep(in TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
