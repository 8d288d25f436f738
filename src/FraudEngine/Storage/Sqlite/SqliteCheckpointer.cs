using Microsoft.Win32.SafeHandles;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Moves what was committed from SQLite's log into the database file (https://www.sqlite.org/wal.html#ckpt) without holding up commits. SQLite itself would do it inside of one: some 30 MB to write
/// and to sync, for which every transaction waits. Here a thread of its own moves and syncs nearly all of it, in rounds, while commits go on; the little that they have added
/// meanwhile is left to the writing thread, as only whoever writes can come to an end, after which SQLite begins its log anew.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    /// <summary>Pages in the log for which SQLite checkpoints by itself after all, where this doesn't come to it: while one change writes very much.</summary>
    public const int PagesMax = 40_000;

    // 32 MB with pages of 8 KB: a page that is written often meanwhile is moved once.
    private const int PagesMin = 4000;

    // After each round only those pages are left that were committed during it.
    private const int Rounds = 2;

    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _moving;
    private readonly SafeFileHandle _file;
    private readonly WorkerThread<bool> _thread;
    private readonly int _pagesMin;
    private long _pages;
    private bool _isMoving;
    private volatile bool _isMoved;

    /// <param name="path">The database's file, which exists.</param>
    /// <param name="writing">The connection that commits.</param>
    /// <param name="pagesMin">Pages in the log at which a checkpoint begins.</param>
    public SqliteCheckpointer(string path, SqliteConnection writing, int pagesMin = PagesMin)
    {
        _writing = writing;
        _pagesMin = pagesMin;

        // Held open as long as there are connections: with the first handle that a process closes it loses all its locks on the file.
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _moving = new SqliteConnection(path);

        // It learns that there is a log from its first look at the file.
        _moving.Execute("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version");
        _thread = new WorkerThread<bool>("journal checkpointer", _ => Move());
    }

    /// <summary>Called by the writing thread between commits.</summary>
    public void Advance()
    {
        _pages += _writing.TakePagesWritten();
        if (_isMoved)
        {
            _isMoved = _isMoving = false;

            // Not to the end where somebody still reads what is older: then it is tried again soon.
            _pages = _writing.TryCheckpoint() ? 0 : _pagesMin / 2;
        }
        else if (!_isMoving && _pages >= _pagesMin)
        {
            _isMoving = true;
            _thread.Enqueue(true);
        }
    }

    /// <summary>Ends the thread and its connection; <see cref="CloseFile"/> once all connections are closed.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        _moving.Dispose();
    }

    public void CloseFile() => _file.Dispose();

    private void Move()
    {
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                _moving.TryCheckpoint();
                RandomAccess.FlushToDisk(_file);
            }
        }
        catch (IOException)
        {
            // Nothing is lost: all of it is in the log still. It is tried again, and where the disk is at fault, commits will say so.
        }

        _isMoved = true;
    }
}
