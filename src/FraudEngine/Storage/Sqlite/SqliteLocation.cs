namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Where a journal is: a directory, in which it is <c>journal.db</c>; a file with one of SQLite's usual endings; or either behind <c>Data Source=</c>, as in
/// a connection string.
/// </summary>
internal static class SqliteLocation
{
    private const string FileName = "journal.db";
    private static readonly string[] Keys = ["data source", "datasource", "filename"];
    private static readonly string[] Endings = [".db", ".db3", ".sqlite", ".sqlite3"];

    /// <summary>The journal's file, as an absolute path.</summary>
    public static string FileOf(string location)
    {
        var path = location.Trim();
        foreach (var part in location.Split(';'))
        {
            var (key, value) = part.Split('=', 2) is [var left, var right] ? (left.Trim().ToLowerInvariant(), right.Trim()) : ("", "");
            if (Keys.Contains(key))
            {
                path = value.Trim('"');
            }
        }

        return Path.GetFullPath(Endings.Contains(Path.GetExtension(path).ToLowerInvariant()) ? path : Path.Combine(path, FileName));
    }
}
