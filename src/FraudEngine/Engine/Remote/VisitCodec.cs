using System.Buffers;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine.Remote;

/// <summary>A visit in bytes, on the way to the node that owns the entity's shard, and what it brings back.</summary>
internal static class VisitCodec
{
    public static void Write(IBufferWriter<byte> output, Visit visit) => throw new NotImplementedException();

    /// <summary>
    /// Reads what <see cref="DecisionEngine.Receive(ReadOnlySpan{byte}, Action{ReadOnlyMemory{byte}})"/> has answered, and returns the visit to its account.
    /// False where the node does not own the entity's shard, or has not the same rules in force: it is to be sent again, a little later.
    /// Throws <see cref="InvalidDataException"/> where the answer is damaged.
    /// </summary>
    public static bool TryReturn(ReadOnlySpan<byte> answer, Visit visit) => throw new NotImplementedException();
}
