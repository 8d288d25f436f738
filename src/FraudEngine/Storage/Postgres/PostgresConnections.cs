using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>The connections of one journal: a pool for what transactions wait for, another for all else, and single ones that are nobody else's.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    // The server ends every session of a node that is cut off within 15 s, and with it the locks and the transaction that others may wait for.
    private const string CommonOptions = "-c jit=off -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=15000";

    // Every reading is by an index, whatever the tables' statistics say, and is planned once. The cost of compiling a plan is more than that of any of them.
    private const string ReaderOptions = CommonOptions + " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off";

    private const string WriterOptions = ReaderOptions + " -c idle_session_timeout=0";

    private readonly string _single;
    private readonly string _writer;

    public PostgresConnections(PostgresSettings settings)
    {
        Target = Parse(settings.ConnectionString);
        Target.ApplicationName = settings.Life;
        Target.IncludeErrorDetail = false;
        Target.PersistSecurityInfo = false;
        Target.Enlist = false;
        if (Target.Host!.Contains(',', StringComparison.Ordinal))
        {
            // Of several hosts only the one that takes writes is read as well: what a standby has may be behind.
            Target.TargetSessionAttributes = "primary";
        }

        Readers = new PostgresPool(With(ReaderOptions, target => Pool(target, settings.ReadersMax)), settings.ReadersMax);
        PatientReaders = new PostgresPool(With(ReaderOptions, target => Pool(target, settings.PatientReadersMax)), settings.PatientReadersMax);
        _single = With(CommonOptions, static target => target.Pooling = false);
        _writer = With(WriterOptions, target =>
        {
            target.Pooling = false;
            target.MaxAutoPrepare = 100;
            target.AutoPrepareMinUsages = 2;
            target.Timeout = Math.Max(1, (int)settings.CommitMax.TotalSeconds);
            target.CommandTimeout = target.Timeout;

            // What does not answer is given up at once: whoever waits for it takes the shards over.
            target.CancellationTimeout = -1;
        });
    }

    /// <summary>Where the database is, for messages.</summary>
    public NpgsqlConnectionStringBuilder Target { get; }

    public PostgresPool Readers { get; }

    public PostgresPool PatientReaders { get; }

    /// <summary>A session of its own, with time to do something long.</summary>
    public Task<NpgsqlConnection> OpenSingleAsync() => OpenAsync(_single);

    /// <summary>The session that commits.</summary>
    public Task<NpgsqlConnection> OpenWriterAsync() => OpenAsync(_writer);

    public async ValueTask DisposeAsync()
    {
        await Readers.DisposeAsync();
        await PatientReaders.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch (Exception reason) when (PostgresFailures.IsFailure(reason))
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static void Pool(NpgsqlConnectionStringBuilder target, int size)
    {
        target.Pooling = true;
        target.MinPoolSize = 0;
        target.MaxPoolSize = size;
        target.MaxAutoPrepare = 100;
        target.AutoPrepareMinUsages = 2;
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0 } target
                ? target
                : throw new InvalidOperationException("Storage:ConnectionString has no Host; it must be as Host=db.example.org;Database=fraud;Username=…;Password=….");
        }
        catch (Exception reason) when (reason is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The reason may hold a part of a password that was not quoted.
            throw new InvalidOperationException(
                "Storage:ConnectionString can't be read; it must be as Host=db.example.org;Database=fraud;Username=…;Password=…, with values that hold a semicolon in quotes.");
        }
    }

    private string With(string options, Action<NpgsqlConnectionStringBuilder> change)
    {
        var target = new NpgsqlConnectionStringBuilder(Target.ConnectionString);
        target.Options = string.IsNullOrEmpty(target.Options) ? options : $"{target.Options} {options}";
        change(target);
        return target.ConnectionString;
    }
}
