namespace FraudEngine.Storage.Sqlite;

/// <summary>SQLite refused something; the message is SQLite's own.</summary>
public sealed class SqliteException(int code, string message) : IOException($"SQLite error {code}: {message}")
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; } = code;
}
