using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Hosting;

/// <summary>The engine as a process, on a free port and a data directory of the test's.</summary>
internal sealed partial class EngineProcess : IDisposable
{
    private static readonly HttpClient Client = new();
    private readonly ChildProcess _process;

    private EngineProcess(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    public int Id => _process.Id;

    public static Task<EngineProcess> StartAsync(string directory, int port, params string[] args) =>
        StartAsync((string[] all) => new ChildProcess("FraudEngine", directory, all), port, args);

    /// <summary>With something in its environment.</summary>
    public static Task<EngineProcess> StartAsync((string Name, string Value) variable, string directory, int port, params string[] args) =>
        StartAsync((string[] all) => ChildProcess.WithEnvironment("FraudEngine", directory, variable, all), port, args);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Kill() => _process.Kill();

    public Task StopAsync() => _process.StopAsync();

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(Url + path));

    /// <summary>Transactions decided since it started.</summary>
    public async Task<long> DecidedAsync() =>
        Decisions().Matches(await GetAsync("/metrics")).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    public void Dispose() => _process.Dispose();

    private static async Task<EngineProcess> StartAsync(Func<string[], ChildProcess> start, int port, string[] args)
    {
        var url = $"http://127.0.0.1:{port}";
        var engine = new EngineProcess(start(["--urls", url, "--Rules:Path", Path.Combine(Repository.Root, "config", "rules.yaml"), .. args]), url);
        await Eventually.ThatAsync(() => engine._process.HasExited || engine._process.Output.Contains("listens on", StringComparison.Ordinal), "the engine listened");
        Assert.False(engine._process.HasExited, engine._process.Output);
        return engine;
    }

    [GeneratedRegex(@"^fraudengine_decisions_total\{.*\} (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Decisions();
}
