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

    private static readonly byte[] Beat = ":\n\n"u8.ToArray();

    /// <summary>How serving a client came out.</summary>
    internal enum End
    {
        /// <summary>The client went away, or the engine stops: the client comes back with the last id that it saw.</summary>
        Ended,

        /// <summary>Not begun: as many listen as may.</summary>
        TooManySubscribers,

        /// <summary>Not begun: there is no alert to go on after.</summary>
        UnknownAlert,
    }

    /// <summary>By the ordinary route.</summary>
    public async Task Handle(HttpContext context)
    {
        var account = context.Request.Query["account"].FirstOrDefault();
        var resume = context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? context.Request.Query["after"].FirstOrDefault();
        switch (await ServeAsync(account, resume, new ResponseOutput(context), context.RequestAborted))
        {
            case End.TooManySubscribers:
                await AlertEndpoints.WriteTooManySubscribers(context);
                break;
            case End.UnknownAlert:
                await AlertEndpoints.WriteUnknownAlert(context, resume!);
                break;
        }
    }

    /// <summary>Writes alerts until the client goes away or the engine stops.</summary>
    /// <param name="account">The account whose alerts are wanted; null for all.</param>
    /// <param name="resume">The alert after which the client goes on; null or empty for those that come from now on.</param>
    /// <exception cref="IOException">The alerts can't be read.</exception>
    public async Task<End> ServeAsync(string? account, string? resume, IAlertOutput output, CancellationToken aborted)
    {
        var subscriber = new AlertSubscriber(account);
        if (!feed.TryAdd(subscriber))
        {
            return End.TooManySubscribers;
        }

        try
        {
            var position = string.IsNullOrEmpty(resume) ? feed.Newest : await AlertPosition.FindAsync(journal, resume);
            if (position is null)
            {
                return End.UnknownAlert;
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
            var lastId = await LastIdAsync(resume, position.Value);
            output.Begin();
            await output.WriteAsync(Encoding.ASCII.GetBytes($"retry: 1000\nid: {lastId}\n\n"), ending.Token);
            await SendAsync(output, subscriber, position.Value, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the engine stops.
        }
        finally
        {
            feed.Remove(subscriber);
        }

        return End.Ended;
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

    private async Task SendAsync(IAlertOutput output, AlertSubscriber subscriber, long position, CancellationToken cancellation)
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
                await output.WriteAsync(Beat, cancellation);
            }
        }
    }

    private sealed class ResponseOutput(HttpContext context) : IAlertOutput
    {
        public void Begin()
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellation) =>
            await context.Response.BodyWriter.WriteAsync(events, cancellation);
    }
}
