using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Deploy;

/// <summary><c>deploy/local/up</c> and <c>down</c> as an operator runs them, with this build of the engine.</summary>
[Collection(Alone.Name)]
[SupportedOSPlatform("linux")]
public sealed class LocalClusterTests : IDisposable
{
    private const int Nodes = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly int _port = EngineProcess.FreePort();
    private readonly string _data;

    public LocalClusterTests()
    {
        _data = _folder.PathOf("cluster");
        if (Environment.IsPrivilegedProcess)
        {
            // The servers run as users of their own then.
            File.SetUnixFileMode(Path.GetDirectoryName(_data)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    [ClusterFact]
    public async Task A_local_cluster_starts_decides_is_repaired_and_leaves_nothing_behind()
    {
        var said = await UpAsync();
        Assert.Contains($"A cluster of {Nodes} nodes runs on http://127.0.0.1:{_port}", said, StringComparison.Ordinal);
        AssertNoSecret(said);

        // What is fed to one node raises an alert that another one tells.
        var nodes = await NodesAsync();
        Assert.Equal(Nodes, nodes.Length);
        var decision = "";
        for (var i = 0; i < 5; i++)
        {
            decision = await FeedAsync(nodes[0], i);
        }

        Assert.Contains("\"alertId\"", decision, StringComparison.Ordinal);
        await UntilAsync(async () => (await _client.GetStringAsync(new Uri($"{nodes[1]}/v1/alerts?account=a-1"))).Contains("\"outcome\"", StringComparison.Ordinal), "the other node told the alert");

        var running = Processes();
        Assert.Contains("already running", await UpAsync(), StringComparison.Ordinal);
        Assert.Equal(running, Processes());

        // As after a power failure: only pid files are left.
        running.ForEach(static process => ServerProcess.Signal(process, "KILL"));
        await Eventually.ThatAsync(() => Processes().Count == 0, "all processes were killed");
        AssertNoSecret(await UpAsync());
        Assert.Equal(decision, await FeedAsync($"http://127.0.0.1:{_port}", 4));

        AssertNoSecret(await RunAsync("down", "--data", _data));
        Assert.Empty(Processes());
        Assert.True(Directory.Exists(Path.Combine(_data, "postgresql")));
        await RunAsync("down", "--data", _data, "--purge");
        Assert.False(Directory.Exists(_data));
    }

    public void Dispose()
    {
        Processes().ForEach(static process => ServerProcess.Signal(process, "KILL"));
        _client.Dispose();
        _folder.Dispose();
    }

    private Task<string> UpAsync() => RunAsync(
        "up", "--data", _data, "--port", _port.ToString(CultureInfo.InvariantCulture), "--nodes", Nodes.ToString(CultureInfo.InvariantCulture),
        "--engine", Path.Combine(AppContext.BaseDirectory, "FraudEngine.dll"));

    private static async Task<string> RunAsync(string script, params string[] args)
    {
        var path = Path.Combine(Repository.Root, "deploy", "local", script);
        using var process = Process.Start(new ProcessStartInfo(path, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output + await errors;
    }

    private async Task<string[]> NodesAsync()
    {
        using var cluster = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/v1/cluster")));
        return [.. cluster.RootElement.GetProperty("members").EnumerateArray().Select(static member => member.GetProperty("url").GetString()!)];
    }

    private async Task<string> FeedAsync(string url, int number)
    {
        var transaction = new { transactionId = $"t-{number}", accountId = "a-1", timestamp = "2026-11-01T08:00:00Z", amount = 12_000.50m, currency = "EUR", country = "BE", channel = "online" };
        using var answer = await _client.PostAsJsonAsync(new Uri($"{url}/v1/transactions"), transaction);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private void AssertNoSecret(string text) =>
        Assert.All(Directory.GetFiles(Path.Combine(_data, "secrets")), secret =>
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
            Assert.DoesNotContain(File.ReadAllText(secret), text, StringComparison.Ordinal);
        });

    /// <summary>All that carry the mark of this cluster. (PostgreSQL's children write over theirs, and end with their parent.)</summary>
    private List<int> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(static name => int.TryParse(name, out _))
            .Where(process => EnvironmentOf(process!).Contains($"FRAUDENGINE_LOCAL_CLUSTER={_data} ", StringComparison.Ordinal))
            .Select(static process => int.Parse(process!, CultureInfo.InvariantCulture)).Order(),
    ];

    private static string EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"Waited 20 s in vain until {what}.");
            await Task.Delay(20);
        }
    }
}
