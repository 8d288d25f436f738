using System.Buffers;
using FraudEngine.Domain;

namespace FraudEngine.Engine.Remote;

/// <summary>A decimal number in bytes, with its scale.</summary>
internal static class DecimalBytes
{
    private const int ScaleMax = 28;
    private const int Negative = 0x80;

    public static void Write(IBufferWriter<byte> output, decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        output.Write([(byte)((parts[3] >> 16) | (parts[3] < 0 ? Negative : 0))]);
        Varint.Write(output, ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        Varint.Write(output, (uint)parts[2]);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static decimal Read(ref ReadOnlySpan<byte> source)
    {
        var head = TransactionBytes.ReadByte(ref source, byte.MaxValue);
        var low = Varint.Read(ref source);
        var high = Varint.Read(ref source);
        var scale = head & ~Negative;
        return scale <= ScaleMax && high <= uint.MaxValue
            ? new decimal((int)low, (int)(low >> 32), (int)high, (head & Negative) != 0, (byte)scale)
            : throw new InvalidDataException("A number from another node is damaged.");
    }
}
