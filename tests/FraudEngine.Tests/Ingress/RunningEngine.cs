using System.Net;
using System.Net.Sockets;
using System.Text;
using FraudEngine.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FraudEngine.Tests.Ingress;

/// <summary>The whole engine in this process: Kestrel on a free port, SQLite in a directory of its own.</summary>
public sealed class RunningEngine : IAsyncLifetime, IAsyncDisposable
{
    public const string Rules =
        """
        name: contract
        version: 7
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: large
            when: amount >= 1000
            score: 0.5
            text: A "large" amount
          - id: huge
            when: amount >= 5000
            score: 0.375
            text: A huge amount
          - id: windows
            when: |
              count(account, 1h) < 0 || sum(account.amount, 1d) < 0 || avg(account.amount, 1d) < 0 || min(account.amount, 1d) < 0
                || max(account.amount, 1d) < 0 || stddev(account.amount, 7d) < 0 || distinct(account.merchantId, 1d) < 0
                || last(account.merchantId, 90m) == "nowhere" || last(account.amount) < 0
            score: 0.1
            text: Never
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-").FullName;
    private EngineHost? _host;
    private HttpClient? _client;
    private IServiceProvider? _services;

    /// <summary>Further options for the command line.</summary>
    internal string[] Options { get; set; } = [];

    /// <summary>What a test changes about the web server.</summary>
    internal Action<WebApplicationBuilder>? Configuring { get; init; }

    /// <summary>The rules in force from the next start.</summary>
    internal string RuleFile { get; set; } = Rules;

    internal TestClock Clock { get; } = new();

    /// <summary>Whether it goes by the machine's clock instead of <see cref="Clock"/>.</summary>
    internal bool HasRealTime { get; init; }

    /// <summary>The folder of the lists' files.</summary>
    internal string ListsDirectory => Path.Combine(_directory, "lists");

    internal string DataDirectory => Path.Combine(_directory, "data");

    internal string RulesPath => Path.Combine(_directory, "rules.yaml");

    internal EngineHost Host => _host!;

    /// <summary>What the web server is made of.</summary>
    public IServiceProvider Services => _services!;

    public HttpClient Client => _client!;

    public Uri Address => _client!.BaseAddress!;

    /// <summary>One that a test has for itself.</summary>
    internal static async Task<RunningEngine> StartAsync(params string[] options)
    {
        var engine = new RunningEngine { Options = options };
        await engine.InitializeAsync();
        return engine;
    }

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(RulesPath, RuleFile);
        Directory.CreateDirectory(ListsDirectory);
        string[] args =
        [
            "--urls=http://127.0.0.1:0", $"--Storage:ConnectionString={DataDirectory}", $"--Rules:Path={RulesPath}", $"--Rules:ListsPath={ListsDirectory}", .. Options,
        ];
        _host = await EngineHost.OpenAsync(args, Configure);
        await _host.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_host.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    /// <summary>Stops the engine and starts it on what it has stored.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
            _host = null;
        }
    }

    public Task<Reply> PostAsync(string json) => PostAsync(Encoding.UTF8.GetBytes(json));

    public async Task<Reply> PostAsync(byte[] body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await Client.PostAsync("/v1/transactions", content);
        return await Reply.OfAsync(response);
    }

    public async Task<Reply> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Reply.OfAsync(response);
    }

    /// <summary>Sends lines as one NDJSON body and returns the lines of the answer.</summary>
    public async Task<string[]> StreamAsync(string lines)
    {
        var reply = await PostAsync(Encoding.UTF8.GetBytes(lines), "application/x-ndjson");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("application/x-ndjson", reply.ContentType);
        return reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A connection without anybody in between.</summary>
    internal async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return new RawConnection(socket);
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        Configuring?.Invoke(builder);
        builder.Services.AddSingleton<TimeProvider>(services =>
        {
            _services = services;
            return HasRealTime ? TimeProvider.System : Clock;
        });
    }
}
