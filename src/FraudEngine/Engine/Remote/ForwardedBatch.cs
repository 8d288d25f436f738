using System.Buffers;

namespace FraudEngine.Engine.Remote;

/// <summary>Requests of one shard that another node has forwarded to this one. They have entered the other node's admission, not this one's.</summary>
internal sealed class ForwardedBatch
{
    private ForwardedBatch()
    {
    }

    /// <summary>Reads requests that <see cref="RequestCodec.Write"/> has written. Throws <see cref="InvalidDataException"/> where they are damaged.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="completed">Called when each is answered, or given back because the shard is not this node's. On an event loop: must return at once and not throw.</param>
    public static ForwardedBatch Read(ReadOnlySpan<byte> requests, int count, Action<ForwardedBatch> completed) => throw new NotImplementedException();

    /// <summary>Whether one of them was given back: then others that came behind it may be answered nevertheless.</summary>
    public bool IsBounced { get; private set; }

    /// <summary>Writes the answers in the order of the requests, for <see cref="RequestCodec.TryReadAnswer"/>.</summary>
    public void WriteAnswers(IBufferWriter<byte> output) => throw new NotImplementedException();
}
