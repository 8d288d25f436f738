using System.IO.Pipelines;
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
        feed.Add(subscriber);
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
            await BeginAsync(context, ending.Token);
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

    private static async Task BeginAsync(HttpContext context, CancellationToken cancellation)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync("retry: 1000\n\n"u8.ToArray(), cancellation);
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
