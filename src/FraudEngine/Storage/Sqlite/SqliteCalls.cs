using System.Runtime.InteropServices;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The functions of SQLite that are called several times for each row, by bare pointers: through safe handles, which count who uses them, these calls cost more than what they do
/// (https://www.sqlite.org/c3ref/stmt.html). Whoever calls keeps the statement alive.
/// </summary>
internal static class SqliteCalls
{
    // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
    private const nint Copied = -1;

    /// <summary>Binds some bytes; none are no blob of length 0 here, but NULL.</summary>
    public static int BindBlob(nint statement, int parameter, ReadOnlySpan<byte> value) => BindBlob(statement, parameter, in MemoryMarshal.GetReference(value), value.Length, Copied);

    // Without the switch to native mode, which takes longer than the call: it neither waits nor calls back.
    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_bind_int64", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern int BindInt64(nint statement, int parameter, long value);

    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_int64", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern long ColumnInt64(nint statement, int column);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_step", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern int Step(nint statement);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_reset", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern int Reset(nint statement);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_bind_blob", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int BindBlob(nint statement, int parameter, in byte value, int length, nint destructor);
}
