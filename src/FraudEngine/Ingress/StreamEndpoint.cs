using System.IO.Pipelines;
using FraudEngine.Engine;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace FraudEngine.Ingress;

/// <summary>
/// <c>POST /v1/transactions</c> as NDJSON: a decision per line, in order, while the request still runs. A client that sends without reading is let ahead
/// by a bounded number of answers, so that posting a file whole works too; beyond it the stream is not read.
/// </summary>
internal sealed class StreamEndpoint(DecisionEngine engine, IngressSettings settings)
{
    private const int AnswerBytesWithoutRoomAhead = 64 * 1024;

    private readonly TransactionStream _stream = new(engine, settings);
    private int _streamsAhead;

    public async Task Handle(HttpContext context)
    {
        LiftLimits(context);
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync();

        var mayRunAhead = Interlocked.Increment(ref _streamsAhead) <= settings.StreamsAheadMax;
        var answerBytesMax = mayRunAhead ? settings.StreamAnswerBytesMax : AnswerBytesWithoutRoomAhead;
        var answers = new Pipe(new PipeOptions(pauseWriterThreshold: answerBytesMax, resumeWriterThreshold: answerBytesMax / 2, useSynchronizationContext: false));
        try
        {
            var sending = SendAsync(answers.Reader, context.Response.BodyWriter);
            await _stream.RunAsync(context.Request.BodyReader, answers.Writer, context.RequestAborted);
            await sending;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away. What it sent is decided all the same; sent again it gets the same answers.
        }
        finally
        {
            Interlocked.Decrement(ref _streamsAhead);
        }
    }

    private static void LiftLimits(HttpContext context)
    {
        // A stream has any length, and may be idle for as long as nothing happens.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }

    private static async Task SendAsync(PipeReader answers, PipeWriter response)
    {
        var isRead = true;
        while (isRead)
        {
            var read = await answers.ReadAsync();
            foreach (var part in read.Buffer)
            {
                // The span is copied: the answer's buffer goes back at once.
                part.Span.CopyTo(response.GetSpan(part.Length));
                response.Advance(part.Length);
            }

            answers.AdvanceTo(read.Buffer.End);
            isRead = !(await response.FlushAsync()).IsCompleted && !read.IsCompleted;
        }

        await answers.CompleteAsync();
    }
}
