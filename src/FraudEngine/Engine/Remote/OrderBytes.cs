using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;

namespace FraudEngine.Engine.Remote;

/// <summary>What is to be changed of an account in bytes, on the way to another node.</summary>
internal static class OrderBytes
{
    private const byte Respond = 1;
    private const byte Hold = 2;
    private const byte Release = 3;
    private const byte Preferences = 4;

    public static void Write(IBufferWriter<byte> output, AccountOrder order)
    {
        switch (order)
        {
            case RespondOrder respond:
                output.Write([Respond, (byte)respond.Response, (byte)respond.Terms.HoldOutcome]);
                Varint.WriteSigned(output, respond.Terms.ConfirmedForTicks);
                Varint.WriteBytes(output, respond.TransactionId);
                break;
            case HoldOrder hold:
                output.Write([Hold, (byte)hold.Outcome]);
                TermsCodec.WriteText(output, hold.Reason);
                break;
            case ReleaseOrder release:
                output.Write([Release]);
                TermsCodec.WriteText(output, release.Reason);
                break;
            case PreferencesOrder preferences:
                output.Write([Preferences, preferences.IsRemoved ? (byte)1 : (byte)0]);
                TermsCodec.WriteActivity(output, preferences.Activity);
                Varint.WriteBytes(output, preferences.Body);
                break;
            default:
                throw new ArgumentException($"A {order.GetType().Name} can't be forwarded.", nameof(order));
        }

        TermsCodec.WriteText(output, order.By);
        Varint.WriteSigned(output, order.AtTicks);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static AccountOrder Read(ref ReadOnlySpan<byte> source)
    {
        switch (TransactionBytes.ReadByte(ref source, Preferences))
        {
            case Respond:
                var response = (AlertResponse)TransactionBytes.ReadByte(ref source, (byte)AlertResponse.Denied);
                var outcome = ReadOutcome(ref source);
                var terms = new ResponseTerms(Varint.ReadSigned(ref source), outcome);
                var transaction = Varint.ReadBytes(ref source).ToArray();
                return response == AlertResponse.None
                    ? throw new InvalidDataException("A response from another node says nothing.")
                    : new RespondOrder(transaction, response, terms, TermsCodec.ReadText(ref source), Varint.ReadSigned(ref source));
            case Hold:
                return new HoldOrder(ReadOutcome(ref source), TermsCodec.ReadText(ref source), TermsCodec.ReadText(ref source), Varint.ReadSigned(ref source));
            case Release:
                return new ReleaseOrder(TermsCodec.ReadText(ref source), TermsCodec.ReadText(ref source), Varint.ReadSigned(ref source));
            case Preferences:
                var isRemoved = TransactionBytes.ReadByte(ref source, 1) != 0;
                var activity = TermsCodec.ReadActivity(ref source);
                var body = Varint.ReadBytes(ref source).ToArray();
                return new PreferencesOrder(activity, body, isRemoved, TermsCodec.ReadText(ref source), Varint.ReadSigned(ref source));
            default:
                throw new InvalidDataException("Another node orders something unknown.");
        }
    }

    private static Outcome ReadOutcome(ref ReadOnlySpan<byte> source) =>
        (Outcome)TransactionBytes.ReadByte(ref source, (byte)Outcome.Decline) is var outcome and (Outcome.Review or Outcome.Decline)
            ? outcome
            : throw new InvalidDataException("A hold from another node stops nothing.");
}
