namespace FraudEngine.Windows;

/// <summary>Whole numbers in 1 to 10 bytes, 7 bits a byte, the lowest first (LEB128).</summary>
internal static class Varint
{
    public const int BytesMax = 10;

    /// <summary>Returns how many bytes it took.</summary>
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

    /// <summary>Reads a number and moves <paramref name="source"/> behind it.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        for (var at = 0; at < source.Length && at < BytesMax; at++)
        {
            var bits = (ulong)(source[at] & 0x7f);
            if (at == BytesMax - 1 && bits > 1)
            {
                break;
            }

            value |= bits << (7 * at);
            if (source[at] < 0x80)
            {
                source = source[(at + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("A number is cut off or too long.");
    }
}
