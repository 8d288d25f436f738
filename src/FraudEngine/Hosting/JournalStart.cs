using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Hosting;

/// <summary>Opens the journal that the options name.</summary>
internal static class JournalStart
{
    /// <summary>Where it is, without a password.</summary>
    public static string PlaceOf(StorageOptions options) => SqliteLocation.FileOf(options.ConnectionString);

    public static Task<IJournal> OpenAsync(StorageOptions options) => Task.FromResult<IJournal>(new SqliteJournal(options.ConnectionString));
}
