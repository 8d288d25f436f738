using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>A webhook endpoint on loopback that keeps what it gets, and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Received> _received = [];
    private readonly HashSet<string> _ids = [];
    private WebApplication? _web;

    private Receiver(int port) => Port = port;

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/alerts";

    /// <summary>Answers a request that was read; may cut its connection, or never end.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    /// <summary>How many different ids were answered by 2xx.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ids.Count;
            }
        }
    }

    /// <summary>All requests, in the order in which they came.</summary>
    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>Those that were answered by 2xx.</summary>
    public IReadOnlyList<Received> Accepted => [.. All.Where(static received => received.Status is >= 200 and < 300)];

    public static async Task<Receiver> StartAsync(int port = 0)
    {
        var receiver = new Receiver(port == 0 ? Hosting.EngineProcess.FreePort() : port);
        await receiver.ListenAsync();
        return receiver;
    }

    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port));
        _web = builder.Build();
        _web.Run(HandleAsync);
        await _web.StartAsync();
    }

    /// <summary>Connections are refused from then on.</summary>
    public async Task StopAsync()
    {
        if (_web is not null)
        {
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
            await _web.StopAsync(atOnce.Token);
            await _web.DisposeAsync();
            _web = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new Received(
            context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(), context.Request.Headers["webhook-signature"].ToString(),
            context.Request.Path, body.ToArray(), Stopwatch.GetTimestamp());
        lock (_gate)
        {
            _received.Add(received);
        }

        await Answer(context);
        lock (_gate)
        {
            received.Status = context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode;
            if (received.Status is >= 200 and < 300)
            {
                received.Order = _ids.Count;
                _ids.Add(received.Id);
            }
        }
    }
}

/// <summary>A request to a <see cref="Receiver"/>.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string Path, byte[] Body, long At)
{
    /// <summary>0 where its connection was cut, or it is not answered.</summary>
    public int Status { get; set; }

    /// <summary>Among those that were answered by 2xx.</summary>
    public int Order { get; set; }

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Alert => Json.GetProperty("data");

    public string Account => Alert.GetProperty("accountId").GetString()!;

    public string Transaction => Alert.GetProperty("transactionId").GetString()!;
}
