using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Lets SQLite wait as briefly as it means to. The library that is bundled was compiled without a fine sleep, so each wait for another connection's lock, meant
/// to last microseconds, takes a whole second (https://www.sqlite.org/compile.html, HAVE_USLEEP). A copy of its default file system with another
/// <c>xSleep</c> takes the default's place; every other operation is SQLite's own (https://www.sqlite.org/c3ref/vfs.html).
/// </summary>
internal static class ShortSleeps
{
    // The layout of sqlite3_vfs, version 3, with pointers of 8 bytes.
    private const int VfsBytes = 168;
    private const int NextOffset = 16;
    private const int NameOffset = 24;
    private const int SleepOffset = 112;
    private const int VersionKnown = 3;
    private const int MicrosecondsPerMillisecond = 1000;

    // SQLite keeps pointers to these as long as the process runs.
    private static readonly SleepCallback Callback = Sleep;
    private static readonly ManualResetEvent Never = new(false);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SleepCallback(nint vfs, int microseconds);

    /// <summary>Once per process, before the first connection. Does nothing where SQLite sleeps finely by itself (Windows).</summary>
    public static void Install()
    {
        if (OperatingSystem.IsWindows() || nint.Size != sizeof(long))
        {
            return;
        }

        var original = Find(null);
        if (original == 0 || Marshal.ReadInt32(original) != VersionKnown)
        {
            return;
        }

        var copy = Marshal.AllocHGlobal(VfsBytes);
        var bytes = new byte[VfsBytes];
        Marshal.Copy(original, bytes, 0, VfsBytes);
        Marshal.Copy(bytes, 0, copy, VfsBytes);
        Marshal.WriteIntPtr(copy, NextOffset, 0);
        Marshal.WriteIntPtr(copy, NameOffset, Marshal.StringToCoTaskMemUTF8("unix-short-sleeps"));
        Marshal.WriteIntPtr(copy, SleepOffset, Marshal.GetFunctionPointerForDelegate(Callback));

        // Where it is refused, the default stays, which only waits longer.
        _ = Register(copy, makeDefault: 1);
    }

    private static int Sleep(nint vfs, int microseconds)
    {
        if (microseconds < MicrosecondsPerMillisecond)
        {
            Thread.Yield();
        }
        else
        {
            Never.WaitOne(microseconds / MicrosecondsPerMillisecond);
        }

        return microseconds;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint Find([MarshalAs(UnmanagedType.LPUTF8Str)] string? name);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int Register(nint vfs, int makeDefault);
}
