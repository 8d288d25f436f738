using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace FraudEngine.Ingress.FastLane;

/// <summary>Writes answers to the byte as the web server writes those of the ordinary route.</summary>
internal static class PlainAnswer
{
    private const int LengthBytesMax = 10;
    private const int DateBytes = 29;

    public static void Decision(IBufferWriter<byte> output, ReadOnlySpan<byte> body, DateTimeOffset now, bool closes) => Write(
        output,
        "HTTP/1.1 200 OK\r\nContent-Length: "u8,
        closes ? "\r\nConnection: close\r\nContent-Type: application/json\r\nDate: "u8 : "\r\nContent-Type: application/json\r\nDate: "u8,
        "\r\n\r\n"u8,
        body,
        now);

    public static void Problem(IBufferWriter<byte> output, Problem problem, DateTimeOffset now, bool closes)
    {
        var body = new ArrayBufferWriter<byte>(256);
        problem.WriteTo(body);
        Write(
            output,
            Encoding.ASCII.GetBytes($"HTTP/1.1 {problem.Status} {ReasonPhrases.GetReasonPhrase(problem.Status)}\r\nContent-Length: "),
            closes ? "\r\nConnection: close\r\nContent-Type: application/problem+json\r\nDate: "u8 : "\r\nContent-Type: application/problem+json\r\nDate: "u8,
            problem.Status == StatusCodes.Status503ServiceUnavailable ? "\r\nRetry-After: 1\r\n\r\n"u8 : "\r\n\r\n"u8,
            body.WrittenSpan,
            now);
    }

    /// <summary>The head of the answer to a stream; <see cref="Chunk"/>s come after it.</summary>
    public static void StreamHead(IBufferWriter<byte> output, DateTimeOffset now) =>
        Head(output, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nDate: "u8, now, "\r\nTransfer-Encoding: chunked\r\n\r\n"u8);

    /// <summary>The head of server-sent events; <see cref="Chunk"/>s come after it.</summary>
    public static void FeedHead(IBufferWriter<byte> output, DateTimeOffset now) =>
        Head(output, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: "u8, now, "\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n"u8);

    /// <param name="data">Not empty: that would be the last chunk.</param>
    public static void Chunk(IBufferWriter<byte> output, ReadOnlySequence<byte> data)
    {
        Utf8Formatter.TryFormat(data.Length, output.GetSpan(LengthBytesMax), out var length, 'x');
        output.Advance(length);
        output.Write("\r\n"u8);
        foreach (var part in data)
        {
            output.Write(part.Span);
        }

        output.Write("\r\n"u8);
    }

    public static void LastChunk(IBufferWriter<byte> output) => output.Write("0\r\n\r\n"u8);

    private static void Head(IBufferWriter<byte> output, ReadOnlySpan<byte> toDate, DateTimeOffset now, ReadOnlySpan<byte> end)
    {
        output.Write(toDate);
        Utf8Formatter.TryFormat(now, output.GetSpan(DateBytes), out var length, 'R');
        output.Advance(length);
        output.Write(end);
    }

    private static void Write(
        IBufferWriter<byte> output, ReadOnlySpan<byte> toLength, ReadOnlySpan<byte> toDate, ReadOnlySpan<byte> headEnd, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var room = output.GetSpan(toLength.Length + LengthBytesMax + toDate.Length + DateBytes + headEnd.Length + body.Length);
        var at = Put(room, 0, toLength);
        Utf8Formatter.TryFormat(body.Length, room[at..], out var length);
        at = Put(room, at + length, toDate);
        Utf8Formatter.TryFormat(now, room[at..], out length, 'R');
        at = Put(room, at + length, headEnd);
        output.Advance(Put(room, at, body));
    }

    private static int Put(Span<byte> room, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        return at + text.Length;
    }
}
