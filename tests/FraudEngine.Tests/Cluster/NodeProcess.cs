using System.Globalization;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>How a node is started.</summary>
/// <param name="Host">The address by which the test reaches it.</param>
/// <param name="Around">A command that runs the engine's, such as one that puts it in a network of its own.</param>
/// <param name="Command">The engine's command, such as <c>cluster</c> with its options; empty for a node by itself.</param>
/// <param name="Secrets">What goes by the environment, since it bears passwords.</param>
internal sealed record NodeSetup(string Name, string Host, string[] Around, string[] Command, string[] Options, IReadOnlyDictionary<string, string> Secrets);

/// <summary>One node of a cluster: a process, and the next one under the same name and on the same port after it ended.</summary>
internal sealed class NodeProcess(NodeSetup setup, string directory) : IDisposable
{
    private readonly int _port = EngineProcess.FreePort();
    private ServerProcess? _process;
    private volatile bool _isServing;
    private volatile bool _isProbed = true;
    private volatile CancellationTokenSource _answering = new();

    public string Name => setup.Name;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://{setup.Host}:{_port}");

    /// <summary>Whether clients turn to it, as a load balancer would say.</summary>
    public bool IsServing
    {
        get => _isServing;
        set => _isServing = value;
    }

    /// <summary>Whether probes of the shards may go by way of it. Those under way are given up where they no longer may.</summary>
    public bool IsProbed
    {
        get => _isProbed;
        set
        {
            if (value)
            {
                _answering = new CancellationTokenSource();
            }

            _isProbed = value;
            if (!value)
            {
                _answering.Cancel();
            }
        }
    }

    /// <summary>Ends when it is made to stand still, or is probed no longer: whoever waits for its answers would wait in vain.</summary>
    public CancellationToken Answering => _answering.Token;

    public bool HasExited => _process?.HasExited ?? true;

    /// <summary>What it printed in its present life.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>What it printed in the lives before.</summary>
    public string FormerOutput { get; private set; } = "";

    /// <summary>Starts the process; <see cref="IsServing"/> is set once it is ready.</summary>
    public void Start(params string[] options)
    {
        FormerOutput += Output;
        _process?.Dispose();
        string[] command =
        [
            .. setup.Around, "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "FraudEngine.dll"), .. setup.Command, "--urls", Url, "--Cluster:Node", setup.Name, .. setup.Options, .. options,
        ];
        _process = new ServerProcess(command[0], command[1..], setup.Secrets, directory);
    }

    public async Task<TimeSpan> UntilReadyAsync()
    {
        var took = await Eventually.ThatAsync(
            async () => HasExited || await ClusterClient.TryGetAsync(Url + "/health/ready") is not null, () => $"{Name} was ready. It printed: {FormerOutput}{Output}", TimeSpan.FromSeconds(40));
        Assert.False(HasExited, Output);
        IsServing = true;
        return took;
    }

    public void Kill()
    {
        IsServing = false;
        _process!.Kill();
    }

    /// <summary>Asks it, where it is the supervisor of workers, to restart them one after the other.</summary>
    public void Restart() => ServerProcess.Signal(_process!.Id, "HUP");

    public void Signal(string signal)
    {
        IsServing = signal == "CONT";
        ServerProcess.Signal(_process!.Id, signal);
        if (signal == "STOP")
        {
            _answering.Cancel();
        }
        else if (signal == "CONT")
        {
            _answering = new CancellationTokenSource();
        }
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    public async Task<TimeSpan> TerminateAsync()
    {
        Signal("TERM");
        return await Eventually.ThatAsync(() => Task.FromResult(HasExited), () => $"{Name} stopped. It printed: {Output}", TimeSpan.FromSeconds(40));
    }

    /// <summary>Waits until it ends by itself and returns what it printed.</summary>
    public async Task<string> ExitAsync()
    {
        await Eventually.ThatAsync(() => Task.FromResult(HasExited), () => $"{Name} ended. It printed: {Output}", TimeSpan.FromSeconds(40));
        return Output;
    }

    public void Dispose() => _process?.Dispose();
}
