using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine.Remote;

/// <summary>A visit in bytes, on the way to the node that owns the entity's shard, and what it brings back.</summary>
internal static class VisitCodec
{
    public static void Write(IBufferWriter<byte> output, Visit visit)
    {
        output.Write([(byte)visit.Kind]);
        Varint.Write(output, (ulong)visit.InForce.Number);
        Varint.Write(output, (ulong)(visit.InForce.Model?.Number ?? 0));
        TransactionBytes.Write(output, visit.Transaction);
    }

    /// <summary>
    /// Reads what <see cref="DecisionEngine.Receive(ReadOnlySpan{byte}, Action{ReadOnlyMemory{byte}})"/> has answered, and returns the visit to its account.
    /// False where the node does not own the entity's shard, or has not the same rules in force: it is to be sent again, a little later.
    /// Throws <see cref="InvalidDataException"/> where the answer is damaged.
    /// </summary>
    public static bool TryReturn(ReadOnlySpan<byte> answer, Visit visit)
    {
        var came = (VisitAnswer)TransactionBytes.ReadByte(ref answer, (byte)VisitAnswer.Away);
        switch (came)
        {
            case VisitAnswer.Read:
                WindowValuesCodec.Read(ref answer, visit.InForce.Rules.Plans[visit.Kind], visit.ForRules);
                WindowValuesCodec.Read(ref answer, visit.InForce.ModelPlans[visit.Kind], visit.ForModel);
                break;
            case VisitAnswer.Unreadable:
                break;
            case VisitAnswer.Outdated or VisitAnswer.Away:
                return false;
            case VisitAnswer.None:
                throw new InvalidDataException("A visit came back without an answer.");
        }

        visit.Return(came);
        return true;
    }

    /// <summary>Reads a visit from another node; null where that has other rules in force than these. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="answer">Called once with what <see cref="TryReturn"/> reads.</param>
    internal static RemoteVisit? Read(ReadOnlySpan<byte> visit, RulesInForce inForce, Action<ReadOnlyMemory<byte>> answer)
    {
        var kind = (EntityKind)TransactionBytes.ReadByte(ref visit, EntityKinds.End - 1);
        var rules = Varint.Read(ref visit);
        var model = Varint.Read(ref visit);
        var read = new RemoteVisit(kind, inForce, answer);
        TransactionBytes.Read(ref visit, read.Transaction);
        if (!visit.IsEmpty || !EntityKinds.Visited.Contains(kind) || read.Transaction.Text(EntityKinds.FieldOf(kind)).IsEmpty)
        {
            throw new InvalidDataException("A visit from another node is damaged.");
        }

        read.Identify();
        return rules == (ulong)inForce.Number && model == (ulong)(inForce.Model?.Number ?? 0) ? read : null;
    }

    internal static void WriteAnswer(IBufferWriter<byte> output, Visit visit)
    {
        output.Write([(byte)visit.Answer]);
        if (visit.Answer == VisitAnswer.Read)
        {
            WindowValuesCodec.Write(output, visit.InForce.Rules.Plans[visit.Kind], visit.ForRules);
            WindowValuesCodec.Write(output, visit.InForce.ModelPlans[visit.Kind], visit.ForModel);
        }
    }
}
