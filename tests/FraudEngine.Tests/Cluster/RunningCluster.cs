using System.Globalization;

namespace FraudEngine.Tests.Cluster;

/// <summary>Nodes on a database and a virtual host of their own, as processes.</summary>
internal sealed class RunningCluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeProcess> _nodes = [];
    private readonly Dictionary<string, string> _secrets;
    private readonly string[] _options;
    private readonly NodeNetwork? _network;
    private int _workers;

    private RunningCluster(SharedServers servers, string database, string virtualHost, int shards, string rules, NodeNetwork? network, string[] options)
    {
        Servers = servers;
        Shards = shards;
        Rules = rules;
        _network = network;
        ConnectionString = servers.Database.ConnectionStringOf(database);
        Broker = servers.Broker.UrlOf(virtualHost);
        _secrets = new Dictionary<string, string>
        {
            ["Storage__ConnectionString"] = network is null ? ConnectionString : servers.Database.ConnectionStringOf(database, network.DatabaseAddress),
            ["Broker__Url"] = (network is null ? Broker : servers.Broker.UrlOf(virtualHost, network.BrokerAddress)).ToString(),
        };
        _options =
        [
            "--Storage:Provider", "Postgres", "--Rules:Path", rules, "--Engine:Shards", shards.ToString(CultureInfo.InvariantCulture), .. options,
        ];
    }

    /// <summary>The rules that the engine comes with: they look at accounts only.</summary>
    public static string OwnRules { get; } = Path.Combine(Repository.Root, "config", "rules.yaml");

    public SharedServers Servers { get; }

    public int Shards { get; }

    public string Rules { get; }

    /// <summary>As the test reaches the database.</summary>
    public string ConnectionString { get; }

    /// <summary>As the test reaches the broker.</summary>
    public Uri Broker { get; }

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IReadOnlyList<NodeProcess> Serving => [.. _nodes.Where(static node => node.IsServing)];

    private string[] Command => _workers == 0 ? [] : ["cluster", "--nodes", _workers.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Starts the nodes at once and waits until the shards are even.</summary>
    public static async Task<RunningCluster> StartAsync(SharedServers servers, int nodes, int shards = 16, string? rules = null, NodeNetwork? network = null, params string[] options)
    {
        var (database, virtualHost) = await servers.NewAsync();
        var cluster = new RunningCluster(servers, database, virtualHost, shards, rules ?? OwnRules, network, options);
        for (var i = 0; i < nodes; i++)
        {
            cluster.Add().Start();
        }

        await Task.WhenAll(cluster.Nodes.Select(static node => node.UntilReadyAsync()));
        await cluster.UntilEvenAsync(TimeSpan.FromSeconds(30));
        return cluster;
    }

    /// <summary>Workers on one port, started by <c>FraudEngine cluster</c>; the only one of <see cref="Nodes"/> is that port, and their supervisor.</summary>
    public static async Task<RunningCluster> StartWorkersAsync(SharedServers servers, int workers, int shards = 16)
    {
        var (database, virtualHost) = await servers.NewAsync();
        var cluster = new RunningCluster(servers, database, virtualHost, shards, OwnRules, network: null, []) { _workers = workers };
        var port = cluster.Add();
        port.Start();
        await port.UntilReadyAsync();
        await cluster.UntilEvenAsync(TimeSpan.FromSeconds(30));
        return cluster;
    }

    /// <summary>One node more, not yet started.</summary>
    public NodeProcess Add()
    {
        var number = _nodes.Count;
        var name = string.Create(CultureInfo.InvariantCulture, $"node-{number}");

        // Workers are restarted by a signal, which a process does not get whose ancestor was started by nohup.
        string[] around = _workers == 0 ? [] : ["env", "--default-signal=HUP"];
        var setup = _network is null
            ? new NodeSetup(name, "127.0.0.1", around, Command, _options, _secrets)
            : new NodeSetup(name, _network.Enter(number), _network.Around(number), Command, _options, _secrets);
        var node = new NodeProcess(setup, _folder.PathOf("."));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Waits until all serving nodes say that they, and no others, own all shards evenly; returns how long that took.</summary>
    public async Task<TimeSpan> UntilEvenAsync(TimeSpan patience)
    {
        var serving = Serving;
        var names = serving.SelectMany(NamesOf).ToHashSet();
        var last = "";
        try
        {
            return await Eventually.ThatAsync(
                async () =>
                {
                    var states = await Task.WhenAll(serving.Select(static node => ClusterClient.TryGetStateAsync(node.Url)));
                    last = string.Join("\n", states.Select(static state => state is null ? "no answer" : $"{state.Node} {state.IsReady}: {string.Join(' ', state.Owners)}"));
                    return states.All(state => state is not null && state.IsEven(names));
                },
                "the shards were even",
                patience);
        }
        catch (Xunit.Sdk.XunitException reason)
        {
            Assert.Fail($"{reason.Message}\n{last}\n{string.Join("\n", serving.Select(static node => $"== {node.Name}\n{node.Output}"))}");
            throw;
        }
    }

    /// <summary>The shards of a node, as another that serves sees it.</summary>
    public async Task<IReadOnlyList<int>> ShardsOfAsync(NodeProcess node)
    {
        var state = await ClusterClient.TryGetStateAsync(Serving[0].Url);
        return [.. Enumerable.Range(0, Shards).Where(shard => state!.Owners[shard] == node.Name)];
    }

    private IEnumerable<string> NamesOf(NodeProcess node) =>
        _workers == 0 ? [node.Name] : Enumerable.Range(1, _workers).Select(worker => string.Create(CultureInfo.InvariantCulture, $"{node.Name}-{worker}"));

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _folder.Dispose();
    }
}
