using System.Diagnostics;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.Servers;

/// <summary>A real PostgreSQL of the test's own. Where the test runs as root, as which PostgreSQL refuses to run, it runs as the user postgres.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Password = "pw-of-the-test";

    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string[] _settings;
    private readonly string _address;
    private ServerProcess? _process;

    private PostgresServer(string address, string[] settings)
    {
        _address = address;
        _settings = settings;
        _data = _folder.PathOf("postgres");
        Port = EngineProcess.FreePort();
    }

    public static bool IsInstalled => Programs is not null;

    public int Port { get; }

    /// <summary>Of the database <c>postgres</c>.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>The process that all its others belong to.</summary>
    public int Id => _process!.Id;

    /// <param name="settings">Such as <c>ssl=on</c>.</param>
    public static Task<PostgresServer> StartAsync(params string[] settings) => StartOnAsync("127.0.0.1", "127.0.0.1/32", settings);

    /// <param name="address">Where it listens beside loopback.</param>
    /// <param name="network">Whence it takes connections, such as 10.1.0.0/16.</param>
    /// <param name="settings">Such as <c>ssl=on</c>.</param>
    public static async Task<PostgresServer> StartOnAsync(string address, string network, params string[] settings)
    {
        var server = new PostgresServer(address, settings);
        Directory.CreateDirectory(server._data);
        var password = server._folder.PathOf("password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chmod", "755", Path.GetDirectoryName(server._data)!);
            await RunAsync("chown", "postgres", server._data, password);
        }

        var (program, args) = AsServerUser("initdb", "-D", server._data, "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={password}", "--no-sync", "--encoding=UTF8", "--locale=C");
        await RunAsync(program, args);
        await File.AppendAllTextAsync(Path.Combine(server._data, "pg_hba.conf"), $"host all all {network} scram-sha-256\n");
        await server.StartAgainAsync();
        return server;
    }

    /// <param name="host">As the client reaches it.</param>
    public string ConnectionStringOf(string database, string host = "127.0.0.1") => $"Host={host};Port={Port};Username=postgres;Password={Password};Database={database}";

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(ConnectionString);
        await using var create = source.CreateCommand($"CREATE DATABASE \"{name}\"");
        await create.ExecuteNonQueryAsync();
        return ConnectionStringOf(name);
    }

    /// <summary><c>kill -9</c> of all its processes.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Starts it once more, on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        File.Delete(Path.Combine(_data, "postmaster.pid"));
        string[] settings = [$"port={Port}", $"listen_addresses=127.0.0.1,{_address}", $"unix_socket_directories={_data}", "max_connections=200", .. _settings];
        var (program, args) = AsServerUser("postgres", ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        _process = new ServerProcess(program, args, new Dictionary<string, string>(), _data);
        await _process.UntilAsync(() => _process.Output.Contains("database system is ready to accept connections", StringComparison.Ordinal), "PostgreSQL was ready");
    }

    public void Dispose()
    {
        _process?.Dispose();
        _folder.Dispose();
    }

    /// <summary>setpriv replaces itself by the program, so that the child is the server itself.</summary>
    private static (string Program, string[] Args) AsServerUser(string program, params string[] args)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", path, .. args])
            : (path, args);
    }

    private static async Task RunAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await output}{await errors}");
    }
}
