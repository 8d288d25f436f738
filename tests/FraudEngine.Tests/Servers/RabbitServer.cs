using System.Diagnostics;
using System.Globalization;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.Servers;

/// <summary>A real RabbitMQ of the test's own, with a name service (epmd) of its own.</summary>
internal sealed class RabbitServer : IDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly string[] _settings;
    private ServerProcess? _process;

    private RabbitServer(string? address, string[] settings)
    {
        Port = EngineProcess.FreePort();
        _settings = address is null ? settings : [$"listeners.tcp.other = {address}:{Port}", "loopback_users = none", .. settings];
        var names = EngineProcess.FreePort();
        var home = _folder.PathOf("rabbitmq");
        Directory.CreateDirectory(home);
        _environment = new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["RABBITMQ_NODENAME"] = string.Create(CultureInfo.InvariantCulture, $"test{Port}@localhost"),
            ["RABBITMQ_DIST_PORT"] = EngineProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            ["ERL_EPMD_PORT"] = names.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        };
    }

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; }

    public Uri Url => UrlOf("");

    /// <param name="virtualHost">Empty for the one that is always there.</param>
    /// <param name="host">As the client reaches it.</param>
    public Uri UrlOf(string virtualHost, string host = "127.0.0.1") => new($"amqp://guest:guest@{host}:{Port}/{virtualHost}");

    /// <summary>The broker's process.</summary>
    public int Id => int.Parse(File.ReadAllText(_environment["RABBITMQ_PID_FILE"]), CultureInfo.InvariantCulture);

    /// <param name="settings">Lines of rabbitmq.conf.</param>
    public static Task<RabbitServer> StartAsync(params string[] settings) => StartOnAsync(null, settings);

    /// <param name="address">Where it listens beside loopback; null for nowhere else.</param>
    /// <param name="settings">Lines of rabbitmq.conf.</param>
    public static async Task<RabbitServer> StartOnAsync(string? address, params string[] settings)
    {
        var server = new RabbitServer(address, settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary><c>kill -9</c> of the broker.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Starts it once more, on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        string[] lines = [$"listeners.tcp.default = 127.0.0.1:{Port}", "distribution.listener.interface = 127.0.0.1", .. _settings];
        await File.WriteAllLinesAsync(_environment["RABBITMQ_CONFIG_FILE"], lines);
        _process = new ServerProcess(Program, [], _environment, _environment["HOME"]);
        await _process.UntilAsync(
            () => _process.Output.Contains("Starting broker... completed", StringComparison.Ordinal) && ServerProcess.IsListening(Port), "RabbitMQ was ready");
    }

    /// <summary>Runs <c>rabbitmqctl</c> against it and returns what it prints.</summary>
    public async Task<string> ControlAsync(params string[] args)
    {
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", ["-q", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }

    public void Dispose()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("epmd", ["-kill"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ERL_EPMD_PORT"] = _environment["ERL_EPMD_PORT"];
        using (var kill = Process.Start(start))
        {
            kill?.WaitForExit();
        }

        _folder.Dispose();
    }
}
