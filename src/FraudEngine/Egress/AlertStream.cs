using System.IO.Pipelines;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace FraudEngine.Egress;

/// <summary>
/// <c>GET /v1/alerts/stream</c>: alerts as server-sent events as they become durable. A client that comes back with <c>Last-Event-ID</c> (or
/// <c>?after=</c>) gets every alert after that one, once, and then the live ones.
/// </summary>
internal sealed class AlertStream(IJournal journal, AlertFeed feed, CancellationToken stopping)
{
    private const int FramesPerReadMax = 500;

    public async Task Handle(HttpContext context)
    {
        var account = context.Request.Query["account"].FirstOrDefault();
        var subscriber = new AlertSubscriber(account);
        if (!feed.TryAdd(subscriber))
        {
            await AlertEndpoints.WriteTooManySubscribers(context);
            return;
        }

        try
        {
            var resume = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? context.Request.Query["after"].FirstOrDefault();
            var position = string.IsNullOrEmpty(resume) ? feed.Newest : await AlertPosition.FindAsync(journal, resume);
            if (position is null)
            {
                await AlertEndpoints.WriteUnknownAlert(context, resume!);
                return;
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await BeginAsync(context, await LastIdAsync(resume, position.Value), ending.Token);
            await SendAsync(context.Response.BodyWriter, subscriber, position.Value, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the engine stops: the client comes back with the last id that it saw.
        }
        finally
        {
            feed.Remove(subscriber);
        }
    }

    /// <summary>What the client goes on after should its connection break before the first alert: without it, what is raised meanwhile would be lost to it.</summary>
    private async ValueTask<string> LastIdAsync(string? resume, long position)
    {
        if (!string.IsNullOrEmpty(resume))
        {
            return resume;
        }

        return position == 0 ? "0" : AlertId.Of((await journal.ReadAlertsAsync(null, position - 1, 1))[0].Transaction).ToString();
    }

    private static async Task BeginAsync(HttpContext context, string lastId, CancellationToken cancellation)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"retry: 1000\nid: {lastId}\n\n"), cancellation);
    }

    private async Task SendAsync(PipeWriter output, AlertSubscriber subscriber, long position, CancellationToken cancellation)
    {
        while (true)
        {
            var (frames, upTo) = await feed.ReadAfterAsync(position, subscriber.AccountId, FramesPerReadMax);
            foreach (var frame in frames)
            {
                await output.WriteAsync(frame.Bytes, cancellation);
            }

            if (upTo != position)
            {
                position = upTo;
                continue;
            }

            await subscriber.WaitAsync(cancellation);
            if (subscriber.Take() == Wakeup.Beat)
            {
                await output.WriteAsync(":\n\n"u8.ToArray(), cancellation);
            }
        }
    }
}
