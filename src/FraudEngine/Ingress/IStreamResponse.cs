using System.Buffers;

namespace FraudEngine.Ingress;

/// <summary>Where the answers to a stream go. Both methods give whether anybody reads still, and wait while the client is slow.</summary>
internal interface IStreamResponse
{
    /// <summary>Sends the head.</summary>
    ValueTask<bool> BeginAsync(CancellationToken cancellation);

    /// <summary>Sends answers, of which nothing is kept; none at the stream's end.</summary>
    ValueTask<bool> WriteAsync(ReadOnlySequence<byte> answers, CancellationToken cancellation);
}
