using SQLitePCL;

namespace FraudEngine.Storage.Sqlite;

/// <summary>One connection, used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    // SQLITE_DBSTATUS_CACHE_WRITE
    private const int PagesWritten = 9;

    private readonly sqlite3 _database;

    static SqliteConnection()
    {
        Batteries_V2.Init();

        // Nobody asks how much memory SQLite uses; counting it takes a lock at each allocation. Refused where SQLite runs already, which only costs more.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        ShortSleeps.Install();
    }

    public SqliteConnection(string path)
    {
        var code = raw.sqlite3_open_v2(path, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        Check(code);
        raw.sqlite3_extended_result_codes(_database, 1);

        // The other connection's short exclusive moments (recovery, WAL restart) are waited for, not reported.
        Check(raw.sqlite3_busy_timeout(_database, 10_000));
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs statements that give no rows.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql));

    /// <summary>Does all of it in one transaction or, where it throws, nothing.</summary>
    public T Transact<T>(Func<T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>The first column of the first row, or 0 where there is none or it is null.</summary>
    public long Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>How many pages this connection has written since it was asked last.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_database, PagesWritten, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Moves the log into the database file as far as nobody reads what is older, and syncs it where that is all of it; false where it is not.</summary>
    public bool TryCheckpoint()
    {
        Check(raw.sqlite3_wal_checkpoint_v2(_database, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out var moved));
        return pages == moved;
    }

    public void Dispose()
    {
        raw.sqlite3_close_v2(_database);
        _database.Dispose();
    }

    /// <summary>Undoes the transaction that is open.</summary>
    public void Undo()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteException(code, raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }
}
