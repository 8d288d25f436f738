using System.Diagnostics;
using System.Runtime.InteropServices;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>How SQLite is set up for the whole process: how long it waits for a lock, and what it counts.</summary>
public sealed class SqliteProcessTests
{
    [Fact]
    public void A_short_wait_is_short()
    {
        using var folder = new TemporaryFolder();
        using var connection = new SqliteConnection(folder.PathOf("any.db"));
        connection.Execute("CREATE TABLE any (number INTEGER)");

        // Each is a whole second in the bundled library as it comes.
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            _ = Sleep(2);
        }

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.015, 5);
    }

    [Fact]
    public void SQLite_does_not_count_its_memory()
    {
        using var folder = new TemporaryFolder();
        using var connection = new SqliteConnection(folder.PathOf("any.db"));
        connection.Execute("CREATE TABLE any (number INTEGER)");

        // It would take a lock at each allocation.
        Assert.Equal(0, SQLitePCL.raw.sqlite3_memory_used());
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_sleep", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(int milliseconds);
}
