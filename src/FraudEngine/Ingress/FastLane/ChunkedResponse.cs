using System.Buffers;
using System.IO.Pipelines;

namespace FraudEngine.Ingress.FastLane;

/// <summary>Answers a stream in chunks, as the web server would.</summary>
internal sealed class ChunkedResponse(PipeWriter output, LaneWait wait) : IStreamResponse
{
    public ValueTask<bool> BeginAsync(CancellationToken cancellation)
    {
        PlainAnswer.StreamHead(output, TimeProvider.System.GetUtcNow());
        return wait.FlushAsync(cancellation);
    }

    public ValueTask<bool> WriteAsync(ReadOnlySequence<byte> answers, CancellationToken cancellation)
    {
        if (answers.IsEmpty)
        {
            // A chunk of no length would be the last.
            return ValueTask.FromResult(true);
        }

        PlainAnswer.Chunk(output, answers);
        return wait.FlushAsync(cancellation);
    }

    /// <summary>Sends the last chunk; gives whether anybody has read so far.</summary>
    public ValueTask<bool> EndAsync()
    {
        PlainAnswer.LastChunk(output);
        return wait.FlushAsync(CancellationToken.None);
    }
}
