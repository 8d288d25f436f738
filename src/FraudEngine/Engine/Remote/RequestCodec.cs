using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Remote;

/// <summary>Requests and their answers in bytes, on the way to the node that owns the shard and back. Both ends run the same version of this.</summary>
internal static class RequestCodec
{
    private const byte Transactions = 1;
    private const byte Labels = 2;
    private const byte Queries = 3;
    private const byte Changes = 4;

    /// <summary>The first byte of an answer.</summary>
    private const byte Bounced = 0;
    private const byte Answered = 1;

    /// <summary>Adds a request to a message.</summary>
    public static void Write(IBufferWriter<byte> output, AccountRequest request)
    {
        switch (request)
        {
            case TransactionEnvelope envelope:
                output.Write([Transactions]);
                TransactionBytes.Write(output, envelope.Transaction);
                break;
            case LabelRequest label:
                output.Write([Labels, label.IsFraud ? (byte)1 : (byte)0]);
                TransactionBytes.WriteText(output, label.AccountId);
                TransactionBytes.WriteText(output, label.TransactionId);
                break;
            case AccountQuery query:
                output.Write([Queries, query.AsOfTicks is null ? (byte)0 : (byte)1]);
                TransactionBytes.WriteText(output, query.AccountId);
                Varint.WriteSigned(output, query.AsOfTicks ?? 0);
                break;
            case ChangeRequest change:
                output.Write([Changes]);
                TransactionBytes.WriteText(output, change.AccountId);
                OrderBytes.Write(output, change.Order);
                break;
            default:
                throw new ArgumentException($"A {request.GetType().Name} can't be forwarded.", nameof(request));
        }
    }

    /// <summary>
    /// Reads the next answer of a message into the request that it answers. False where the node did not own the shard when it came to it: it was not handled.
    /// Throws <see cref="InvalidDataException"/> where the message is damaged.
    /// </summary>
    public static bool TryReadAnswer(ref ReadOnlySpan<byte> answers, AccountRequest request)
    {
        if (TransactionBytes.ReadByte(ref answers, Answered) == Bounced)
        {
            return false;
        }

        switch (request)
        {
            case TransactionEnvelope envelope:
                ReadAnswer(ref answers, envelope);
                break;
            case LabelRequest label:
                label.Result = (LabelResult)TransactionBytes.ReadByte(ref answers, (byte)LabelResult.Unavailable);
                break;
            case AccountQuery query:
                ViewCodec.Read(ref answers, query);
                break;
            case ChangeRequest change:
                change.Result = (ChangeResult)TransactionBytes.ReadByte(ref answers, (byte)ChangeResult.Unavailable);
                break;
        }

        return true;
    }

    /// <summary>Whether all rule sets and models that an answer names are in the catalog; where not, it must be refreshed before the answer is given out.</summary>
    public static bool AreKnown(AccountRequest request, ReasonCatalog catalog) =>
        request is not TransactionEnvelope { Refusal: Refusal.None } envelope || catalog.IsKnown(envelope.Decision);

    /// <summary>Reads a request of another node. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="batch">Among which it came.</param>
    internal static AccountRequest Read(ref ReadOnlySpan<byte> requests, ForwardedBatch batch)
    {
        switch (TransactionBytes.ReadByte(ref requests, Changes))
        {
            case Transactions:
                var envelope = new TransactionEnvelope(batch) { Forwarded = batch };
                TransactionBytes.Read(ref requests, envelope.Transaction);
                return envelope;
            case Labels:
                var isFraud = TransactionBytes.ReadByte(ref requests, 1) != 0;
                var labelled = ReadId(ref requests);
                return new LabelRequest(labelled, ReadId(ref requests), isFraud) { Forwarded = batch };
            case Queries:
                var isAsOf = TransactionBytes.ReadByte(ref requests, 1) != 0;
                var account = ReadId(ref requests);
                var asOf = Varint.ReadSigned(ref requests);
                return new AccountQuery(account, isAsOf ? asOf : null) { Forwarded = batch };
            case Changes:
                var changed = ReadId(ref requests);
                return new ChangeRequest(changed, OrderBytes.Read(ref requests)) { Forwarded = batch };
            default:
                throw new InvalidDataException("Another node asks for something unknown.");
        }
    }

    /// <summary>Writes the answer of a request of another node.</summary>
    internal static void WriteAnswer(IBufferWriter<byte> output, AccountRequest request)
    {
        output.Write([Answered]);
        switch (request)
        {
            case TransactionEnvelope envelope:
                output.Write([(byte)envelope.Refusal]);
                if (envelope.Refusal == Refusal.None)
                {
                    EntryCodec.WriteDecision(output, envelope.Decision);
                }

                break;
            case LabelRequest label:
                output.Write([(byte)label.Result]);
                break;
            case AccountQuery query:
                ViewCodec.Write(output, query);
                break;
            case ChangeRequest change:
                output.Write([(byte)change.Result]);
                break;
        }
    }

    internal static void WriteBounced(IBufferWriter<byte> output) => output.Write([Bounced]);

    private static void ReadAnswer(ref ReadOnlySpan<byte> answers, TransactionEnvelope envelope)
    {
        envelope.Refusal = (Refusal)TransactionBytes.ReadByte(ref answers, (byte)Refusal.Unavailable);
        if (envelope.Refusal == Refusal.None)
        {
            EntryCodec.ReadDecision(ref answers, envelope.Decision);
            if (envelope.Decision.Outcome is not (Outcome.Approve or Outcome.Review or Outcome.Decline) || envelope.Decision.Score.Billionths is < 0 or > Score.One)
            {
                throw new InvalidDataException("A decision from another node is damaged.");
            }
        }
    }

    private static byte[] ReadId(ref ReadOnlySpan<byte> source) =>
        TransactionBytes.ReadText(ref source) is { IsEmpty: false } id ? id.ToArray() : throw new InvalidDataException("A request from another node has no id.");
}
