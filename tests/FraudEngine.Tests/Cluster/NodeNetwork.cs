using System.Diagnostics;
using System.Globalization;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>
/// A network namespace for each node, with a cable of its own to the database, to the broker, and to the test, so that each can be cut by itself. The servers
/// listen on two addresses of this machine that no other machine routes to.
/// </summary>
internal sealed class NodeNetwork : IDisposable
{
    private const string Program = "/usr/sbin/ip";
    private static readonly string[] Cables = ["d", "b", "t"];

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"fe{Environment.ProcessId}");
    private readonly string _network = string.Create(CultureInfo.InvariantCulture, $"10.{200 + (Environment.ProcessId % 50)}");
    private readonly List<string> _namespaces = [];

    public NodeNetwork()
    {
        RemoveLeftOver();
        Run("link", "add", $"{_prefix}s", "type", "veth", "peer", "name", $"{_prefix}e");
        Run("addr", "add", $"{DatabaseAddress}/32", "dev", $"{_prefix}s");
        Run("addr", "add", $"{BrokerAddress}/32", "dev", $"{_prefix}s");
    }

    /// <summary>Why it can't be used here; null where it can.</summary>
    public static string? Hindrance { get; } =
        !OperatingSystem.IsLinux() || !File.Exists(Program) ? "Network namespaces need Linux and iproute2."
        : !Environment.IsPrivilegedProcess ? "Network namespaces need root."
        : TryRun("netns", "add", $"fetry{Environment.ProcessId}") is not 0 || TryRun("netns", "del", $"fetry{Environment.ProcessId}") is not 0 ? "Network namespaces are not allowed here."
        : null;

    public string DatabaseAddress => $"{_network}.255.1";

    public string BrokerAddress => $"{_network}.255.2";

    public string Subnet => $"{_network}.0.0/16";

    /// <summary>Makes a node's namespace and returns the address by which the test reaches it.</summary>
    public string Enter(int node)
    {
        var name = NameOf(node);
        Run("netns", "add", name);
        _namespaces.Add(name);
        Run("-n", name, "link", "set", "lo", "up");
        for (var i = 0; i < Cables.Length; i++)
        {
            var (cable, subnet) = (Cables[i], string.Create(CultureInfo.InvariantCulture, $"{_network}.{(node * Cables.Length) + i}"));
            Run("link", "add", CableOf(node, cable), "type", "veth", "peer", "name", cable, "netns", name);
            Run("addr", "add", $"{subnet}.1/30", "dev", CableOf(node, cable));
            Run("link", "set", CableOf(node, cable), "up");
            Run("-n", name, "addr", "add", $"{subnet}.2/30", "dev", cable);
            Run("-n", name, "link", "set", "dev", cable, "up");
            if (cable != "t")
            {
                Run("-n", name, "route", "add", cable == "d" ? DatabaseAddress : BrokerAddress, "via", $"{subnet}.1");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{_network}.{(node * Cables.Length) + 2}.2");
    }

    /// <summary>The command that runs another in a node's namespace, as the same process.</summary>
    public string[] Around(int node) => [Program, "netns", "exec", NameOf(node)];

    /// <summary>Takes out cables of a node, so that nothing comes through any more and nobody is told.</summary>
    public void Cut(int node, bool database, bool broker) => Set(node, database, broker, "down");

    public void Heal(int node) => Set(node, database: true, broker: true, "up");

    public void Dispose()
    {
        foreach (var name in _namespaces)
        {
            TryRun("netns", "del", name);
        }

        TryRun("link", "del", $"{_prefix}s");
    }

    /// <summary>Removes what a test run left that was killed.</summary>
    private static void RemoveLeftOver()
    {
        foreach (var name in Directory.Exists("/var/run/netns") ? Directory.GetFiles("/var/run/netns").Select(Path.GetFileName) : [])
        {
            if (name!.StartsWith("fe", StringComparison.Ordinal) && int.TryParse(name[2..].Split('-')[0], out var process) && !Directory.Exists($"/proc/{process}"))
            {
                TryRun("netns", "del", name);
                TryRun("link", "del", $"fe{process}s");
            }
        }
    }

    private static void Run(params string[] args) => Assert.True(TryRun(args) == 0, $"ip {string.Join(' ', args)} failed.");

    private static int TryRun(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Set(int node, bool database, bool broker, string state)
    {
        if (database)
        {
            Run("link", "set", CableOf(node, "d"), state);
        }

        if (broker)
        {
            Run("link", "set", CableOf(node, "b"), state);
        }
    }

    private string NameOf(int node) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{node}");

    private string CableOf(int node, string cable) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{cable}{node}");
}

/// <summary>A test that cuts the network between nodes and servers.</summary>
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = new ClusterFactAttribute().Skip ?? NodeNetwork.Hindrance;
}
