using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace FraudEngine.Ingress;

/// <summary>
/// A <c>POST</c> as NDJSON: an answer per line, in order, while the request still runs. A client that sends without reading is let ahead
/// by a bounded number of answers, so that posting a file whole works too; beyond it the stream is not read.
/// </summary>
internal sealed class StreamEndpoint(LineStream lines, OpenStreams streams, IngressSettings settings, CancellationToken stopping)
{
    private const int AnswerBytesWithoutRoomAhead = 64 * 1024;

    /// <summary>How long a client may take to read the answers to what was read of its stream, once the engine stops.</summary>
    private static readonly TimeSpan LastAnswersMax = TimeSpan.FromSeconds(5);

    public async Task Handle(HttpContext context)
    {
        if (!streams.TryOpen())
        {
            await ProblemResponse.Write(context, Problem.TooManyStreams);
            return;
        }

        LiftLimits(context);
        context.Response.ContentType = "application/x-ndjson";
        var answerBytesMax = streams.MayRunAhead ? settings.StreamAnswerBytesMax : AnswerBytesWithoutRoomAhead;
        var answers = new Pipe(new PipeOptions(pauseWriterThreshold: answerBytesMax, resumeWriterThreshold: answerBytesMax / 2, useSynchronizationContext: false));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        await using var stop = stopping.Register(static sending => ((CancellationTokenSource)sending!).CancelAfter(LastAnswersMax), sending);
        try
        {
            // Reading begins before the response does: it is what tells a client that expects it to go on (100 Continue).
            var answering = lines.RunAsync(context.Request.BodyReader, answers.Writer, ending.Token);
            await Task.WhenAll(SendAsync(answers.Reader, context.Response.BodyWriter, sending.Token), answering);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested || sending.IsCancellationRequested)
        {
            // The client went away, or the engine stops before the whole stream has come. What was read is done, and answered where that can be; the rest can be sent
            // elsewhere.
            // Without the abort the server would wait for the rest of the request before it stops.
            context.Abort();
        }
        finally
        {
            streams.Close();
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

    private static async Task SendAsync(PipeReader answers, PipeWriter response, CancellationToken ending)
    {
        try
        {
            // The head goes out at once, for a client that waits for it before it sends its first line.
            var isRead = !(await response.FlushAsync(ending)).IsCompleted;
            while (isRead)
            {
                var read = await answers.ReadAsync(ending);
                foreach (var part in read.Buffer)
                {
                    // The span is copied: the answer's buffer goes back at once.
                    part.Span.CopyTo(response.GetSpan(part.Length));
                    response.Advance(part.Length);
                }

                answers.AdvanceTo(read.Buffer.End);
                isRead = !(await response.FlushAsync(ending)).IsCompleted && !read.IsCompleted;
            }
        }
        finally
        {
            await answers.CompleteAsync();
        }
    }
}
