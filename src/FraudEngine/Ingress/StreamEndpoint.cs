using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace FraudEngine.Ingress;

/// <summary>A <c>POST</c> as NDJSON, by the ordinary route.</summary>
internal sealed class StreamEndpoint(StreamExchange exchange)
{
    public async Task Handle(HttpContext context)
    {
        if (!exchange.TryOpen())
        {
            await ProblemResponse.Write(context, Problem.TooManyStreams);
            return;
        }

        LiftLimits(context);
        context.Response.ContentType = "application/x-ndjson";
        if (!await exchange.RunAsync(context.Request.BodyReader, new Response(context.Response.BodyWriter), context.RequestAborted))
        {
            // Without the abort the server would wait for the rest of the request before it stops.
            context.Abort();
        }
    }

    private static void LiftLimits(HttpContext context)
    {
        // A stream has any length, and may be idle for as long as nothing happens. That answers must be read at some rate stays: else a client that
        // sends everything before it reads would, once it is as far ahead as it may, wait for ever without being told.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }
    }

    private sealed class Response(PipeWriter body) : IStreamResponse
    {
        public ValueTask<bool> BeginAsync(CancellationToken cancellation) => FlushAsync(cancellation);

        public ValueTask<bool> WriteAsync(ReadOnlySequence<byte> answers, CancellationToken cancellation)
        {
            foreach (var part in answers)
            {
                body.Write(part.Span);
            }

            return FlushAsync(cancellation);
        }

        private async ValueTask<bool> FlushAsync(CancellationToken cancellation) => !(await body.FlushAsync(cancellation)).IsCompleted;
    }
}
