using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Engine.Remote;

/// <summary>Requests and their answers in bytes, on the way to the node that owns the shard and back. Both ends run the same version of this.</summary>
internal static class RequestCodec
{
    /// <summary>Adds a request to a message.</summary>
    public static void Write(IBufferWriter<byte> output, AccountRequest request) => throw new NotImplementedException();

    /// <summary>
    /// Reads the next answer of a message into the request that it answers. False where the node did not own the shard when it came to it: it was not handled.
    /// Throws <see cref="InvalidDataException"/> where the message is damaged.
    /// </summary>
    public static bool TryReadAnswer(ref ReadOnlySpan<byte> answers, AccountRequest request) => throw new NotImplementedException();

    /// <summary>Whether all rule sets and models that the answers of a message name are in the catalog; where not, it must be refreshed before they are given out.</summary>
    public static bool AreKnown(AccountRequest request, ReasonCatalog catalog) => throw new NotImplementedException();
}
