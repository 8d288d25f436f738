using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Hosting;

/// <summary>Opens the journal that the options name.</summary>
internal static class JournalStart
{
    /// <param name="life">The id of the node's present life.</param>
    public static async Task<IJournal> OpenAsync(StorageOptions options, string life, TimeProvider clock) => options.IsPostgres
        ? await PostgresJournal.OpenAsync(
            new PostgresSettings
            {
                ConnectionString = options.ConnectionString,
                Life = life,
                PartitionSpan = options.PartitionSpan,
                Retention = options.Retention > TimeSpan.Zero ? options.Retention : null,
            },
            clock)
        : new SqliteJournal(options.ConnectionString, clock: clock);

    /// <summary>Where it is, without a password.</summary>
    public static string PlaceOf(StorageOptions options)
    {
        if (!options.IsPostgres)
        {
            return SqliteLocation.FileOf(options.ConnectionString);
        }

        var target = new Npgsql.NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"{target.Host}:{target.Port}/{target.Database}";
    }
}
