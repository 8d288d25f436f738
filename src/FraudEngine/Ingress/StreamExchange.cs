using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace FraudEngine.Ingress;

/// <summary>
/// NDJSON requests, whoever speaks HTTP: an answer per line, in order, while the request still runs. A client that sends without reading is let ahead
/// by a bounded number of answers, so that posting a file whole works too; beyond it the stream is not read.
/// </summary>
internal sealed class StreamExchange(LineStream lines, OpenStreams streams, IngressSettings settings, CancellationToken stopping)
{
    private const int AnswerBytesWithoutRoomAhead = 64 * 1024;

    /// <summary>How long a client may take to read the answers to what was read of its stream, once the engine stops.</summary>
    private static readonly TimeSpan LastAnswersMax = TimeSpan.FromSeconds(5);

    /// <summary>False where as many streams are open as may be. After it comes <see cref="RunAsync"/>.</summary>
    public bool TryOpen() => streams.TryOpen();

    /// <summary>Gives whether the stream came to its end, and its answers with it; else the connection is to be aborted.</summary>
    public async Task<bool> RunAsync(PipeReader body, IStreamResponse response, CancellationToken aborted)
    {
        var answerBytesMax = streams.MayRunAhead ? settings.StreamAnswerBytesMax : AnswerBytesWithoutRoomAhead;
        var answers = new Pipe(new PipeOptions(pauseWriterThreshold: answerBytesMax, resumeWriterThreshold: answerBytesMax / 2, useSynchronizationContext: false));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        await using var stop = stopping.Register(static sending => ((CancellationTokenSource)sending!).CancelAfter(LastAnswersMax), sending);
        try
        {
            // Reading begins before the response does: it is what tells a client that expects it to go on (100 Continue).
            var answering = lines.RunAsync(body, answers.Writer, ending.Token);
            await Task.WhenAll(SendAsync(answers.Reader, response, sending.Token), answering);
            return true;
        }
        catch (OperationCanceledException reason) when (reason is ConnectionAbortedException || ending.IsCancellationRequested || sending.IsCancellationRequested)
        {
            // The client went away, or the engine stops before the whole stream has come. What was read is done, and answered where that can be; the rest can be sent
            // elsewhere.
            return false;
        }
        finally
        {
            streams.Close();
        }
    }

    private static async Task SendAsync(PipeReader answers, IStreamResponse response, CancellationToken ending)
    {
        try
        {
            // The head goes out at once, for a client that waits for it before it sends its first line.
            var isRead = await response.BeginAsync(ending);
            while (isRead)
            {
                var read = await answers.ReadAsync(ending);
                isRead = await response.WriteAsync(read.Buffer, ending) && !read.IsCompleted;
                answers.AdvanceTo(read.Buffer.End);
            }
        }
        finally
        {
            await answers.CompleteAsync();
        }
    }
}
