using System.Buffers.Text;
using System.Text;

namespace FraudEngine.Ingress.FastLane;

/// <summary>The headers of a plain request: those that matter, each once, and besides them only such as surely do not.</summary>
internal readonly ref struct PlainHead
{
    public const int Host = 1;
    public const int Json = 2;
    public const int WithLength = 4;
    public const int Ndjson = 8;
    public const int Chunked = 16;
    public const int WithLastEventId = 32;

    private PlainHead(int seen, int length, int bodyLength, ReadOnlySpan<byte> lastEventId)
    {
        (Seen, Length, BodyLength) = (seen, length, bodyLength);
        LastEventId = lastEventId;
    }

    /// <summary>Which headers that matter there are.</summary>
    public int Seen { get; }

    /// <summary>Bytes up to the body.</summary>
    public int Length { get; }

    public int BodyLength { get; }

    public ReadOnlySpan<byte> LastEventId { get; }

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>Reads the head with which <paramref name="text"/> begins; nothing seen where it is not whole, or has a header that might matter and is not known.</summary>
    /// <param name="lineLength">Bytes of its first line.</param>
    public static PlainHead Read(ReadOnlySpan<byte> text, int lineLength)
    {
        var end = text.IndexOf(End);
        if (end < lineLength)
        {
            return default;
        }

        var length = end + End.Length;
        var lines = text[lineLength..(end + 2)];
        var (seen, bodyLength) = (0, 0);
        ReadOnlySpan<byte> lastEventId = default;
        while (!lines.IsEmpty)
        {
            end = lines.IndexOf((byte)'\r');
            var colon = lines[..end].IndexOf((byte)':');
            if (colon < 0 || lines[end + 1] != '\n')
            {
                return default;
            }

            var value = lines[(colon + 1)..end].Trim((byte)' ');
            var kind = KindOf(lines[..colon], value, ref bodyLength);
            if (kind < 0 || (seen & kind) != 0)
            {
                return default;
            }

            lastEventId = kind == WithLastEventId ? value : lastEventId;
            seen |= kind;
            lines = lines[(end + 2)..];
        }

        return new PlainHead(seen, length, bodyLength, lastEventId);
    }

    /// <summary>Which header it is: 0 where it does not matter, -1 where it might.</summary>
    private static int KindOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref int length)
    {
        if (value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return -1;
        }

        switch (name.Length)
        {
            case 4 when Ascii.EqualsIgnoreCase(name, "Host"u8):
                return IsHost(value) ? Host : -1;
            case 12 when Ascii.EqualsIgnoreCase(name, "Content-Type"u8):
                return value.SequenceEqual("application/json"u8) || Ascii.EqualsIgnoreCase(value, "application/json; charset=utf-8"u8) ? Json
                    : value.SequenceEqual("application/x-ndjson"u8) ? Ndjson : -1;
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                return value.Length <= 5 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(value, out length, out _) ? WithLength : -1;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                return Ascii.EqualsIgnoreCase(value, "chunked"u8) ? Chunked : -1;
            case 13 when Ascii.EqualsIgnoreCase(name, "Last-Event-ID"u8):
                return value.IsEmpty ? -1 : WithLastEventId;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                return Ascii.EqualsIgnoreCase(value, "keep-alive"u8) ? 0 : -1;
            case 6 when Ascii.EqualsIgnoreCase(name, "Accept"u8):
            case 10 when Ascii.EqualsIgnoreCase(name, "User-Agent"u8):
            case 13 when Ascii.EqualsIgnoreCase(name, "Cache-Control"u8):
            case 15 when Ascii.EqualsIgnoreCase(name, "Accept-Encoding"u8):
            case 15 when Ascii.EqualsIgnoreCase(name, "Accept-Language"u8):
            case 11 when Ascii.EqualsIgnoreCase(name, "traceparent"u8):
            case 10 when Ascii.EqualsIgnoreCase(name, "tracestate"u8):
            case 12 when Ascii.EqualsIgnoreCase(name, "X-Request-Id"u8):
                return 0;
            default:
                return -1;
        }
    }

    /// <summary>Letters, digits, dots and hyphens, and perhaps a port.</summary>
    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var port = colon < 0 ? "0"u8 : value[(colon + 1)..];
        var name = colon < 0 ? value : value[..colon];
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'.' or (byte)'-'))
            {
                return false;
            }
        }

        return !name.IsEmpty && !port.IsEmpty && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
