using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Engine.Remote;

/// <summary>A transaction in bytes, on the way to another node.</summary>
internal static class TransactionBytes
{
    /// <summary>No text of a transaction is longer, in bytes.</summary>
    private const int TextBytesMax = 4 * Transaction.IdCharactersMax;

    public static void Write(IBufferWriter<byte> output, Transaction transaction)
    {
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            WriteText(output, transaction.Text(field));
        }

        Varint.WriteSigned(output, transaction.TimestampTicks);
        Varint.WriteSigned(output, transaction.Amount.Units);
        output.Write([(byte)transaction.Channel, transaction.HasPosition ? (byte)1 : (byte)0]);
        if (transaction.HasPosition)
        {
            Varint.WriteSigned(output, transaction.LatitudeE7);
            Varint.WriteSigned(output, transaction.LongitudeE7);
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ref ReadOnlySpan<byte> source, Transaction transaction)
    {
        transaction.Clear();
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            transaction.SetText(field, ReadText(ref source));
        }

        if (transaction.TransactionId.IsEmpty || transaction.AccountId.IsEmpty)
        {
            throw new InvalidDataException("A transaction from another node has no id.");
        }

        transaction.TimestampTicks = Varint.ReadSigned(ref source);
        transaction.Amount = new Money(Varint.ReadSigned(ref source));
        transaction.Channel = (Channel)ReadByte(ref source, (byte)Channel.Transfer);
        transaction.HasPosition = ReadByte(ref source, 1) != 0;
        if (transaction.HasPosition)
        {
            transaction.LatitudeE7 = ReadDegrees(ref source);
            transaction.LongitudeE7 = ReadDegrees(ref source);
        }
    }

    public static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> text) => Varint.WriteBytes(output, text);

    public static ReadOnlySpan<byte> ReadText(ref ReadOnlySpan<byte> source)
    {
        var text = Varint.ReadBytes(ref source);
        return text.Length <= TextBytesMax ? text : throw new InvalidDataException("A text from another node is longer than any can be.");
    }

    /// <summary>A byte that is at most <paramref name="max"/>.</summary>
    public static byte ReadByte(ref ReadOnlySpan<byte> source, byte max)
    {
        if (source.IsEmpty || source[0] > max)
        {
            throw new InvalidDataException("What another node has sent is cut off or damaged.");
        }

        var value = source[0];
        source = source[1..];
        return value;
    }

    private static int ReadDegrees(ref ReadOnlySpan<byte> source) => Varint.ReadSigned(ref source) is >= int.MinValue and <= int.MaxValue and var degrees
        ? (int)degrees
        : throw new InvalidDataException("A position from another node is damaged.");
}
