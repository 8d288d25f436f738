using System.Globalization;
using System.Text.RegularExpressions;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Hosting.Workers;

/// <summary>A supervisor as a process of its own with workers that know nothing of each other, each on a journal of its own.</summary>
internal sealed partial class RunningCluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _supervisor;

    private RunningCluster(int nodes) => _supervisor = new ChildProcess(
        "FraudEngine", _folder.PathOf("."), "cluster", "--nodes", nodes.ToString(CultureInfo.InvariantCulture), "--apart", "--urls", "http://127.0.0.1:0", "--Storage:ConnectionString",
        "data-{worker}", "--Rules:Path", Path.Combine(Repository.Root, "config", "rules.yaml"));

    public int Id => _supervisor.Id;

    public string Output => _supervisor.Output;

    public Uri Url => new(Shared().Match(Output).Groups[1].Value);

    /// <summary>The processes of the workers, by the worker's number less one.</summary>
    public int[] Pids => [.. Started().Matches(Output).GroupBy(static match => match.Groups[1].Value).OrderBy(static lives => lives.Key)
        .Select(static lives => int.Parse(lives.Last().Groups[2].Value, CultureInfo.InvariantCulture))];

    /// <summary>Where each worker alone is reached.</summary>
    public Uri[] OwnUrls => [.. Own().Matches(Output).GroupBy(static match => match.Groups[1].Value).OrderBy(static lives => lives.Key).Select(static lives => new Uri(lives.Last().Groups[2].Value))];

    public static async Task<RunningCluster> StartAsync(int nodes)
    {
        var cluster = new RunningCluster(nodes);
        await Eventually.ThatAsync(() => cluster._supervisor.HasExited || cluster.OwnUrls.Length == nodes, "all workers were ready");
        Assert.False(cluster._supervisor.HasExited, cluster.Output);
        return cluster;
    }

    /// <summary>Whether a process is there; one that has ended and was not yet waited for is not.</summary>
    public static bool IsRunning(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Signal(string signal) => ServerProcess.Signal(Id, signal);

    public Task UntilItPrintsAsync(string text) => _supervisor.UntilItPrintsAsync(text);

    public Task<int> ExitAsync() => _supervisor.ExitAsync();

    /// <summary>What a new connection to the shared port is answered on whether the worker is ready: <c>ready</c>, or what was wrong.</summary>
    public async Task<string> AnswerAsync()
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri(Url, "/health/ready"));
            return await response.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException reason)
        {
            return reason.ToString();
        }
    }

    public void Dispose()
    {
        _supervisor.Dispose();
        foreach (var pid in Pids.Where(IsRunning))
        {
            ServerProcess.Signal(pid, "KILL");
        }

        _folder.Dispose();
    }

    [GeneratedRegex(@"workers on (\S+) ")]
    private static partial Regex Shared();

    [GeneratedRegex(@"^\[(\d+)\] \S+ started, process (\d+)", RegexOptions.Multiline)]
    private static partial Regex Started();

    [GeneratedRegex(@"^\[(\d+)\] \S+ ready after .* at (\S+)", RegexOptions.Multiline)]
    private static partial Regex Own();
}
