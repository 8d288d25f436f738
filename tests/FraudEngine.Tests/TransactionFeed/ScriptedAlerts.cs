using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The alerts of a <see cref="ContractServer"/>: each connection gets the next script and is cut at its end.</summary>
public sealed class ScriptedAlerts
{
    /// <summary>What the connections to come are sent, as it goes over the wire. Beyond them, a connection hears nothing.</summary>
    public ConcurrentQueue<string> Scripts { get; } = new();

    /// <summary>What the connections sent as Last-Event-ID, and which query; empty where they sent none.</summary>
    public ConcurrentQueue<(string LastEventId, string Query)> Connections { get; } = new();

    /// <summary>Which alerts were answered, and how, as the body says it.</summary>
    public ConcurrentQueue<(string Alert, string Body)> Responses { get; } = new();

    /// <summary>The alerts that can't be answered.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = new();

    public async Task RespondAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var alert = (string)context.Request.RouteValues["id"]!;
        Responses.Enqueue((alert, await body.ReadToEndAsync()));
        await (Refusals.TryGetValue(alert, out var why) ? Results.Problem(why, statusCode: 409) : Results.Json(new { alertId = alert })).ExecuteAsync(context);
    }

    public async Task StreamAsync(HttpContext context)
    {
        Connections.Enqueue((context.Request.Headers["Last-Event-ID"].ToString(), context.Request.QueryString.ToString()));
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        if (Scripts.TryDequeue(out var script))
        {
            await context.Response.WriteAsync(script);
            await context.Response.Body.FlushAsync();
            return;
        }

        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
