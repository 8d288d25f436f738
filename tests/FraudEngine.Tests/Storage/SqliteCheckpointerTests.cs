using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>SQLite's log is moved into the database while commits go on.</summary>
public sealed class SqliteCheckpointerTests : IDisposable
{
    private const int PagesMin = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _writing;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly string _path;
    private long _rows;

    public SqliteCheckpointerTests()
    {
        _path = _folder.PathOf("any.db");
        _writing = new SqliteConnection(_path);
        _writing.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE any (number INTEGER PRIMARY KEY, text BLOB)");
        _checkpointer = new SqliteCheckpointer(_path, _writing, PagesMin);
    }

    public void Dispose()
    {
        _checkpointer.Dispose();
        _writing.Dispose();
        _checkpointer.CloseFile();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_log_begins_anew_while_commits_go_on()
    {
        for (var i = 0; i < 5; i++)
        {
            await CommitUntilLogIsMoved();
        }

        using var reading = new SqliteConnection(_path);
        Assert.Equal(_rows, reading.Scalar("SELECT count(*) FROM any"));
        Assert.Equal(0, reading.Scalar("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
    }

    [Fact]
    public async Task Whoever_reads_what_is_older_holds_it_up_only_as_long_as_that_takes()
    {
        using var reading = new SqliteConnection(_path);
        Commit();
        reading.Execute("BEGIN");
        Assert.Equal(1, reading.Scalar("SELECT count(*) FROM any"));
        var begun = TimesBegun();
        for (var i = 0; i < 10 * PagesMin; i++)
        {
            Commit();
        }

        Assert.Equal(begun, TimesBegun());
        Assert.Equal(1, reading.Scalar("SELECT count(*) FROM any"));
        reading.Execute("COMMIT");
        await CommitUntilLogIsMoved();
        Assert.Equal(_rows, reading.Scalar("SELECT count(*) FROM any"));
    }

    /// <summary>The log's first page carries how often it was begun (https://www.sqlite.org/walformat.html).</summary>
    private async Task CommitUntilLogIsMoved()
    {
        var begun = TimesBegun();
        await Eventually.ThatAsync(
            () =>
            {
                Commit();
                return TimesBegun() != begun;
            },
            "SQLite begins its log anew");
    }

    private void Commit()
    {
        _writing.Execute($"INSERT INTO any VALUES ({++_rows}, randomblob(1000))");
        _checkpointer.Advance();
    }

    private uint TimesBegun()
    {
        using var log = new FileStream(_path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[16];
        log.ReadExactly(head);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head[12..]);
    }
}
