using System.Buffers;
using System.Buffers.Binary;
using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>A label in bytes, as the journal keeps it among an account's entries: format, what it says, event time, which transaction, which entities that names.</summary>
public static class LabelCodec
{
    /// <summary>The first byte of a label's entry. Those of transactions are below 128.</summary>
    public const byte Format = 129;

    private const int HeadBytes = 11;

    public static bool IsLabel(ReadOnlySpan<byte> entry) => entry.Length > 0 && entry[0] == Format;

    public static void Write(IBufferWriter<byte> output, TransactionLabelled labelled)
    {
        var head = output.GetSpan(HeadBytes);
        head[0] = Format;
        head[1] = labelled.IsFraud ? (byte)1 : (byte)0;
        head[2] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(head[3..], labelled.TimestampTicks);
        output.Advance(HeadBytes);
        Varint.Write(output, (ulong)labelled.LabelledSequence);
        Varint.WriteBytes(output, labelled.TransactionId);
        foreach (var kind in EntityKinds.Visited)
        {
            Varint.WriteBytes(output, labelled.Entity(kind));
        }
    }

    /// <summary>Reads an entry into <paramref name="labelled"/>. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ReadOnlySpan<byte> entry, long sequence, TransactionLabelled labelled)
    {
        if (entry.Length < HeadBytes || entry[0] != Format)
        {
            throw new InvalidDataException("A label in the journal is damaged or of a later version.");
        }

        labelled.Sequence = sequence;
        labelled.IsFraud = entry[1] != 0;
        labelled.TimestampTicks = BinaryPrimitives.ReadInt64LittleEndian(entry[3..]);
        entry = entry[HeadBytes..];
        labelled.LabelledSequence = (long)Varint.Read(ref entry);
        labelled.TransactionId = Varint.ReadBytes(ref entry).ToArray();
        foreach (var kind in EntityKinds.Visited)
        {
            labelled.SetEntity(kind, Varint.ReadBytes(ref entry));
        }
    }
}
