using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PaymentSimulator;

/// <summary>Appends to a span. The ids written are ASCII and need no escaping, which whoever makes them sees to.</summary>
internal ref struct Utf8Line(Span<byte> space)
{
    private const int TimestampSecondsAndMilliseconds = 23;

    private readonly Span<byte> _space = space;

    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_space[Length..]);
        Length += text.Length;
    }

    public void Append(string ascii) => Length += Encoding.ASCII.GetBytes(ascii, _space[Length..]);

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, _space[Length..], out var written);
        Length += written;
    }

    /// <summary>Writes <paramref name="value"/> / 10^<paramref name="decimals"/>, with all decimals.</summary>
    public void AppendDecimal(long value, int decimals)
    {
        if (value < 0)
        {
            Append("-"u8);
            value = -value;
        }

        long unit = 1;
        for (var i = 0; i < decimals; i++)
        {
            unit *= 10;
        }

        Append(value / unit);
        Append("."u8);
        var fraction = value % unit;
        for (unit /= 10; unit > 0; unit /= 10)
        {
            _space[Length++] = (byte)('0' + (fraction / unit % 10));
        }
    }

    /// <summary>Writes <c>2026-01-01T00:00:31.123Z</c>. The round-trip format is several times faster than one of our own, so it is cut off.</summary>
    public void AppendTimestamp(long ticks)
    {
        new DateTime(ticks, DateTimeKind.Utc).TryFormat(_space[Length..], out _, "O", CultureInfo.InvariantCulture);
        Length += TimestampSecondsAndMilliseconds;
        Append("Z"u8);
    }

    public void AppendIpAddress(uint address)
    {
        Append(address >> 24);
        for (var shift = 16; shift >= 0; shift -= 8)
        {
            Append("."u8);
            Append((address >> shift) & 0xff);
        }
    }
}
