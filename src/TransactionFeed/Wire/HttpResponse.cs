using System.Globalization;
using System.Text;

namespace TransactionFeed.Wire;

/// <summary>
/// The beginning of an HTTP/1.1 response, and its body as a stream that ends where the body does. HttpClient can't be used for this:
/// over HTTP/1.1 it reads no answer before the whole request is sent.
/// </summary>
internal sealed class HttpResponse
{
    private const int HeadBytesMax = 32 * 1024;

    private HttpResponse(int status, TimeSpan? retryAfter, ResponseBody body)
    {
        Status = status;
        RetryAfter = retryAfter;
        Body = body;
    }

    public int Status { get; }

    /// <summary>How long the server asks to wait, where it does.</summary>
    public TimeSpan? RetryAfter { get; }

    public ResponseBody Body { get; }

    /// <summary>Reads up to the body; interim (1xx) responses are skipped. Throws <see cref="IOException"/> where the server doesn't speak HTTP.</summary>
    public static async Task<HttpResponse> ReadAsync(Stream connection, CancellationToken stop)
    {
        var buffer = new byte[HeadBytesMax];
        var count = 0;
        while (true)
        {
            var headEnd = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8);
            if (headEnd >= 0)
            {
                var (status, headers) = Parse(Encoding.ASCII.GetString(buffer, 0, headEnd));
                var rest = buffer.AsSpan(headEnd + 4, count - headEnd - 4).ToArray();
                if (status >= 200)
                {
                    return Build(status, headers, connection, rest);
                }

                rest.CopyTo(buffer, 0);
                count = rest.Length;
                continue;
            }

            var read = count == buffer.Length ? 0 : await connection.ReadAsync(buffer.AsMemory(count), stop);
            if (read == 0)
            {
                throw new IOException(count == 0 ? "The connection was closed without an answer." : "The answer is not HTTP.");
            }

            count += read;
        }
    }

    /// <summary>The body's beginning as text, for a message.</summary>
    public async Task<string> ReadTextAsync(int bytesMax, CancellationToken stop)
    {
        var text = new byte[bytesMax];
        var count = 0;
        int read;
        while (count < bytesMax && (read = await Body.ReadAsync(text.AsMemory(count), stop)) > 0)
        {
            count += read;
        }

        return Encoding.UTF8.GetString(text, 0, count);
    }

    private static (int Status, Dictionary<string, string> Headers) Parse(string head)
    {
        var lines = head.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || lines[0].Length < 12
            || !int.TryParse(lines[0].AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new IOException("The answer is not HTTP/1.1.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return (status, headers);
    }

    private static HttpResponse Build(int status, Dictionary<string, string> headers, Stream connection, byte[] rest)
    {
        var isChunked = headers.GetValueOrDefault("Transfer-Encoding", "").Contains("chunked", StringComparison.OrdinalIgnoreCase);
        long? length = long.TryParse(headers.GetValueOrDefault("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        TimeSpan? retryAfter = int.TryParse(headers.GetValueOrDefault("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
        return new HttpResponse(status, retryAfter, new ResponseBody(connection, rest, isChunked, length));
    }
}
