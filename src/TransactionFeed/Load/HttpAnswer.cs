using System.Buffers.Text;

namespace TransactionFeed.Load;

/// <summary>Reads as much of an HTTP/1.1 response as a measurement needs: the status and where it ends.</summary>
internal static class HttpAnswer
{
    private const int StatusAt = 9;

    /// <summary>True when <paramref name="received"/> holds a whole response (and nothing else, since there is one request at a time).</summary>
    public static bool IsWhole(ReadOnlySpan<byte> received, out int status)
    {
        status = 0;
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0 || !Utf8Parser.TryParse(received.Slice(StatusAt, 3), out status, out _))
        {
            return false;
        }

        var length = received[..head].IndexOf("\r\nContent-Length: "u8);
        return length >= 0
            ? Utf8Parser.TryParse(received[(length + "\r\nContent-Length: ".Length)..], out int bytes, out _) && received.Length >= head + 4 + bytes
            : received.EndsWith("0\r\n\r\n"u8);
    }
}
