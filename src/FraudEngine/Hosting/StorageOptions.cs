namespace FraudEngine.Hosting;

/// <summary>Where the journal is.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    private const string DirectoryDefault = "data";

    private static readonly TimeSpan SpanMin = TimeSpan.FromHours(1);
    private static readonly TimeSpan SpanMax = TimeSpan.FromDays(366);

    /// <summary><c>Sqlite</c>, for one node, or <c>Postgres</c>, which several can share.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>
    /// For Sqlite the directory of its files, or a file that ends in .db; also behind <c>Data Source=</c>. For Postgres what Npgsql takes:
    /// <c>Host=…;Database=…;Username=…;Password=…</c>.
    /// </summary>
    public string ConnectionString { get; set; } = DirectoryDefault;

    /// <summary>For Postgres: how long transactions are kept; zero for ever. They go by whole partitions.</summary>
    public TimeSpan Retention { get; set; }

    /// <summary>For Postgres: how much time one partition of the journal holds.</summary>
    public TimeSpan PartitionSpan { get; set; } = TimeSpan.FromDays(7);

    internal bool IsPostgres => Provider.Equals("Postgres", StringComparison.OrdinalIgnoreCase);

    internal bool IsSqlite => Provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase);

    internal IEnumerable<string> Problems()
    {
        if (!IsSqlite && !IsPostgres)
        {
            yield return $"Storage:Provider is '{Provider}', but must be Sqlite or Postgres.";
        }

        if (IsPostgres && ConnectionString == DirectoryDefault)
        {
            yield return "Storage:ConnectionString is not given, but Storage:Provider is Postgres: it takes Host=…;Database=…;Username=…;Password=….";
        }

        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return "Storage:ConnectionString is empty, but must be the directory for the data, or for Postgres Host=…;Database=…;Username=…;Password=….";
        }

        if (PartitionSpan < SpanMin || PartitionSpan > SpanMax)
        {
            yield return $"Storage:PartitionSpan is {PartitionSpan}, but must be from {SpanMin} to {SpanMax}.";
        }

        if (Retention < TimeSpan.Zero)
        {
            yield return $"Storage:Retention is {Retention}, but must be 00:00:00, for ever, or more.";
        }

        if (IsSqlite && Retention > TimeSpan.Zero)
        {
            yield return $"Storage:Retention is {Retention}, but only a journal in PostgreSQL (Storage:Provider Postgres) drops what is old.";
        }
    }

    /// <summary>What transactions are needed for must not be dropped: windows look back as far as the horizon, from as late as may be.</summary>
    internal IEnumerable<string> Problems(EngineOptions engine) => Retention > TimeSpan.Zero && Retention < engine.Horizon + engine.AllowedLateness
        ? [$"Storage:Retention is {Retention}, but must be at least Engine:Horizon and Engine:AllowedLateness together, {engine.Horizon + engine.AllowedLateness}."]
        : [];
}
