using SQLitePCL;

namespace FraudEngine.Storage.Sqlite;

/// <summary>A prepared statement: bind, step, read, reset. Parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt statement) : IDisposable
{
    private readonly nint _pointer = statement.DangerousGetHandle();

    public SqliteStatement Bind(int parameter, long value)
    {
        connection.Check(SqliteCalls.BindInt64(_pointer, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty ? raw.sqlite3_bind_blob(statement, parameter, value) : SqliteCalls.BindBlob(_pointer, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        connection.Check(raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    public SqliteStatement BindOrNull(int parameter, string? value)
    {
        connection.Check(value is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    /// <summary>Goes to the next row; false where there is none.</summary>
    public bool Step()
    {
        var code = SqliteCalls.Step(_pointer);
        connection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready to be run again.</summary>
    public void Run()
    {
        var code = SqliteCalls.Step(_pointer);
        _ = SqliteCalls.Reset(_pointer);
        connection.Check(code);
    }

    /// <summary>Makes it ready to be run again, at the end of the scope and whatever happens in it: a statement left at a row holds its old view of the data.</summary>
    public RowScope Rows() => new(this);

    public long Int64(int column) => SqliteCalls.ColumnInt64(_pointer, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();

    public readonly struct RowScope(SqliteStatement rows) : IDisposable
    {
        public void Dispose() => _ = SqliteCalls.Reset(rows._pointer);
    }
}
