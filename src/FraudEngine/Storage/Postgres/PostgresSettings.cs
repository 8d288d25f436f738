namespace FraudEngine.Storage.Postgres;

/// <summary>How the PostgreSQL journal is reached and how long it keeps what it stores.</summary>
public sealed class PostgresSettings
{
    /// <summary>As Npgsql reads it; it may hold a password, so it stands in no message.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The id of the node's present life, at most 63 bytes: the name of all its sessions, by which other nodes see who holds a shard.</summary>
    public required string Life { get; init; }

    /// <summary>Of what time one partition of the journal holds the entries.</summary>
    public TimeSpan PartitionSpan { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Partitions whose newest entry may be older than this are dropped; null keeps everything.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>A commit that takes longer is given up, and with it the session and every shard: so that a node that is cut off notices. Whole seconds.</summary>
    public TimeSpan CommitMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections over which what transactions wait for is read. Whoever finds none free waits for one.</summary>
    public int ReadersMax { get; init; } = 8;

    /// <summary>Connections over which all else is read, and rules are written.</summary>
    public int PatientReadersMax { get; init; } = 4;
}
