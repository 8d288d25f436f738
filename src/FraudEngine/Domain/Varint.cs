using System.Buffers;

namespace FraudEngine.Domain;

/// <summary>Unsigned integers in 7-bit groups, lowest first (LEB128), as snapshots and journal entries hold them.</summary>
public static class Varint
{
    /// <summary>The most bytes one takes.</summary>
    public const int BytesMax = 10;

    /// <summary>Writes a value and returns its length in bytes.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[length++] = (byte)(value | 0x80);
        }

        destination[length++] = (byte)value;
        return length;
    }

    public static void Write(IBufferWriter<byte> output, ulong value) => output.Advance(Write(output.GetSpan(BytesMax), value));

    /// <summary>Writes a signed value, small ones of both signs in few bytes (zigzag).</summary>
    public static void WriteSigned(IBufferWriter<byte> output, long value) => Write(output, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Reads a value and moves <paramref name="source"/> behind it. Throws <see cref="InvalidDataException"/> where there is none.</summary>
    public static ulong Read(ref ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        for (var i = 0; i < BytesMax && i < source.Length; i++)
        {
            var bits = (ulong)(source[i] & 0x7f);
            if (i == BytesMax - 1 && bits > 1)
            {
                break;
            }

            value |= bits << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("A stored number is cut off or too long.");
    }

    public static long ReadSigned(ref ReadOnlySpan<byte> source)
    {
        var value = Read(ref source);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a count of things that follow, each at least one byte long.</summary>
    public static int ReadCount(ref ReadOnlySpan<byte> source)
    {
        var count = Read(ref source);
        return count <= (ulong)source.Length ? (int)count : throw new InvalidDataException("A stored count is larger than what follows.");
    }

    /// <summary>Writes bytes behind their count.</summary>
    public static void WriteBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Write(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    /// <summary>Reads what <see cref="WriteBytes"/> has written. Throws <see cref="InvalidDataException"/> where it is cut off.</summary>
    public static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> source)
    {
        var length = ReadCount(ref source);
        var bytes = source[..length];
        source = source[length..];
        return bytes;
    }
}
