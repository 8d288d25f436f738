using System.Buffers.Text;
using System.Text;

namespace FraudEngine.Ingress.FastLane;

/// <summary>Recognises plain requests: <c>POST /v1/transactions</c> with a transaction as JSON, whole, or with a stream in chunks, and with no header that could matter.</summary>
internal static class PlainRequest
{
    private const int Host = 1;
    private const int Json = 2;
    private const int ContentLength = 4;
    private const int Ndjson = 8;
    private const int Chunked = 16;

    private static ReadOnlySpan<byte> RequestLine => "POST /v1/transactions HTTP/1.1\r\n"u8;

    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    /// <summary>Finds the body of the request with which <paramref name="text"/> begins; false where that is not surely a plain single one, or not whole.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, out Range body)
    {
        var headers = Read(text, out var start, out var length);
        body = start..(start + length);
        return headers == (Host | Json | ContentLength) && length > 0 && text.Length >= start + length;
    }

    /// <summary>Finds where the stream begins whose head <paramref name="text"/> begins with; false where that is not surely a plain one, or not whole.</summary>
    public static bool TryFindStream(ReadOnlySpan<byte> text, out int start) => Read(text, out start, out _) == (Host | Ndjson | Chunked);

    /// <summary>Which headers that matter there are; 0 where any might that isn't known, or the head is not whole.</summary>
    private static int Read(ReadOnlySpan<byte> text, out int headLength, out int length)
    {
        (headLength, length) = (0, 0);
        if (!text.StartsWith(RequestLine))
        {
            return 0;
        }

        var end = text.IndexOf(HeadEnd);
        if (end < RequestLine.Length)
        {
            return 0;
        }

        headLength = end + HeadEnd.Length;
        var lines = text[RequestLine.Length..(end + 2)];
        var seen = 0;
        while (!lines.IsEmpty)
        {
            end = lines.IndexOf((byte)'\r');
            var colon = lines[..end].IndexOf((byte)':');
            if (colon < 0 || lines[end + 1] != '\n')
            {
                return 0;
            }

            var kind = KindOf(lines[..colon], lines[(colon + 1)..end].Trim((byte)' '), ref length);
            if (kind < 0 || (seen & kind) != 0)
            {
                return 0;
            }

            seen |= kind;
            lines = lines[(end + 2)..];
        }

        return seen;
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
                return value.Length <= 5 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(value, out length, out _) ? ContentLength : -1;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                return Ascii.EqualsIgnoreCase(value, "chunked"u8) ? Chunked : -1;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                return Ascii.EqualsIgnoreCase(value, "keep-alive"u8) ? 0 : -1;
            case 6 when Ascii.EqualsIgnoreCase(name, "Accept"u8):
            case 10 when Ascii.EqualsIgnoreCase(name, "User-Agent"u8):
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
