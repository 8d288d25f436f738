using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine.Remote;

namespace FraudEngine.Engine.Visiting;

/// <summary>A visit whose account is on another node.</summary>
/// <param name="inForce">The rules in force on both.</param>
/// <param name="answer">Called once with what is sent back.</param>
internal sealed class RemoteVisit(EntityKind kind, RulesInForce inForce, Action<ReadOnlyMemory<byte>> answer) : Visit(envelope: null, kind, inForce)
{
    /// <summary>What is sent back where nothing else is to be said.</summary>
    public static ReadOnlyMemory<byte> Only(VisitAnswer answer) => new byte[] { (byte)answer };

    public override void Return(VisitAnswer came)
    {
        Answer = came;
        var output = new ArrayBufferWriter<byte>();
        VisitCodec.WriteAnswer(output, this);
        answer(output.WrittenMemory);
    }
}
