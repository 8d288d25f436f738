using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>A small server that answers by the engine's public contract, and fails when told to.</summary>
public sealed class ContractServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ContractServer(WebApplication app) => _app = app;

    public ContractLedger Ledger { get; } = new();

    /// <summary>One for each NDJSON request to come; without any, requests go well.</summary>
    public ConcurrentQueue<Fault> Faults { get; } = new();

    /// <summary>The same for requests with labels.</summary>
    public ConcurrentQueue<Fault> LabelFaults { get; } = new();

    public ScriptedAlerts Alerts { get; } = new();

    public string Url { get; private set; } = "";

    public int Requests { get; private set; }

    /// <summary>With labels.</summary>
    public int LabelRequests { get; private set; }

    public static async Task<ContractServer> StartAsync(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(options =>
        {
            // A stream has any length.
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var server = new ContractServer(app);
        app.MapPost("/v1/transactions", server.AnswerAsync);
        app.MapPost("/v1/labels", server.AnswerLabelsAsync);
        app.MapGet("/v1/alerts/stream", server.Alerts.StreamAsync);
        app.MapPost("/v1/alerts/{id}/response", server.Alerts.RespondAsync);
        await app.StartAsync();
        server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentType != "application/x-ndjson")
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var (isError, answer) = Ledger.Answer(body.ToArray(), line: 1);
            context.Response.StatusCode = isError ? (int)HttpStatusCode.BadRequest : (int)HttpStatusCode.OK;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
            return;
        }

        Requests++;
        await AnswerAsync(context, Faults, Ledger.Answer);
    }

    private Task AnswerLabelsAsync(HttpContext context)
    {
        LabelRequests++;
        return AnswerAsync(context, LabelFaults, Ledger.AnswerLabel);
    }

    private static async Task AnswerAsync(HttpContext context, ConcurrentQueue<Fault> faults, Func<byte[], int, (bool IsError, byte[] Answer)> answerLine)
    {
        var fault = faults.TryDequeue(out var next) ? next : Fault.None;
        if (fault.Status is { } status)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync($$"""{"title":"Told to fail","status":{{status}}}""");
            return;
        }

        await new NdjsonAnswers(context, answerLine, fault).RunAsync();
    }
}
