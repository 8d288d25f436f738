using System.Buffers;
using System.IO.Pipelines;

namespace FraudEngine.Ingress.FastLane;

/// <summary>Server-sent events to one client, a chunk for each write, as the web server would.</summary>
/// <param name="begin">Called once, before the head is written.</param>
internal sealed class FeedResponse(PipeWriter output, LaneWait wait, Action begin)
{
    public bool IsBegun { get; private set; }

    public void Begin()
    {
        begin();
        IsBegun = true;
        PlainAnswer.FeedHead(output, TimeProvider.System.GetUtcNow());
    }

    /// <summary>Writes and sends; waits while the client is slow.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellation)
    {
        PlainAnswer.Chunk(output, new ReadOnlySequence<byte>(events));
        await wait.FlushAsync(cancellation);
    }

    public async ValueTask EndAsync()
    {
        PlainAnswer.LastChunk(output);
        await wait.FlushAsync(CancellationToken.None);
    }
}
