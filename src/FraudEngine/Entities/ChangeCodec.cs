using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>An account's change in bytes, as the journal keeps it among the account's entries.</summary>
public static class ChangeCodec
{
    /// <summary>The first byte of a change's entry. Those of transactions are below 128, and that of labels is <see cref="LabelCodec.Format"/>.</summary>
    public const byte Format = 130;

    public static bool IsChange(ReadOnlySpan<byte> entry) => entry.Length > 0 && entry[0] == Format;

    public static void Write(IBufferWriter<byte> output, AccountChanged changed)
    {
        output.Write([Format, (byte)changed.Change, (byte)changed.Response]);
        Varint.WriteSigned(output, changed.AtTicks);
        TermsCodec.WriteText(output, changed.By);
        TermsCodec.WriteText(output, changed.Reason);
        Varint.Write(output, (ulong)changed.AnsweredSequence);
        Varint.WriteBytes(output, changed.TransactionId);
        TermsCodec.Write(output, changed.Terms);
    }

    /// <summary>Reads an entry. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static AccountChanged Read(ReadOnlySpan<byte> entry, long sequence)
    {
        if (entry.Length < 3 || entry[0] != Format || entry[1] > (byte)AccountChange.ActivityChosen || entry[2] > (byte)AlertResponse.Denied)
        {
            throw new InvalidDataException("A change in the journal is damaged or of a later version.");
        }

        var changed = new AccountChanged { Sequence = sequence, Change = (AccountChange)entry[1], Response = (AlertResponse)entry[2] };
        entry = entry[3..];
        changed.AtTicks = Varint.ReadSigned(ref entry);
        changed.By = TermsCodec.ReadText(ref entry);
        changed.Reason = TermsCodec.ReadText(ref entry);
        changed.AnsweredSequence = (long)Varint.Read(ref entry);
        changed.TransactionId = Varint.ReadBytes(ref entry).ToArray();
        changed.Terms = TermsCodec.Read(ref entry);
        return changed;
    }
}
