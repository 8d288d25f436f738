using System.Buffers;
using System.Text;

namespace FraudEngine.Ingress.FastLane;

/// <summary>A plain <c>GET /v1/alerts/stream</c>, with nothing in its query or its headers that could mean anything else.</summary>
/// <param name="Account">The account whose alerts are wanted; null for all.</param>
/// <param name="After">After which alert to go on; null for what comes from now on.</param>
/// <param name="Length">Bytes of the request.</param>
internal sealed record PlainFeed(string? Account, string? After, int Length)
{
    // What stands for itself in a query.
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    private static ReadOnlySpan<byte> LineBegin => "GET /v1/alerts/stream"u8;

    private static ReadOnlySpan<byte> LineEnd => " HTTP/1.1\r\n"u8;

    /// <summary>The request with which <paramref name="text"/> begins; null where that is not surely a plain one, or not whole.</summary>
    public static PlainFeed? Find(ReadOnlySpan<byte> text)
    {
        var lineEnd = text.StartsWith(LineBegin) ? text.IndexOf(LineEnd) : -1;
        if (lineEnd < 0 || !TryReadQuery(text[LineBegin.Length..lineEnd], out var account, out var after))
        {
            return null;
        }

        var head = PlainHead.Read(text, lineEnd + LineEnd.Length);
        return head.Seen switch
        {
            PlainHead.Host => new PlainFeed(account, after, head.Length),

            // Before what is in the query, as the ordinary route has it.
            PlainHead.Host | PlainHead.WithLastEventId => new PlainFeed(account, Encoding.ASCII.GetString(head.LastEventId), head.Length),
            _ => null,
        };
    }

    private static bool TryReadQuery(ReadOnlySpan<byte> query, out string? account, out string? after)
    {
        (account, after) = (null, null);
        for (var separator = (byte)'?'; !query.IsEmpty; separator = (byte)'&')
        {
            if (query[0] != separator)
            {
                return false;
            }

            var end = query[1..].IndexOf((byte)'&');
            var parameter = end < 0 ? query[1..] : query[1..(end + 1)];
            query = query[(parameter.Length + 1)..];
            if (!TryTake(parameter, "account="u8, ref account) && !TryTake(parameter, "after="u8, ref after))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTake(ReadOnlySpan<byte> parameter, ReadOnlySpan<byte> name, ref string? value)
    {
        if (value is not null || !parameter.StartsWith(name) || parameter.Length == name.Length || parameter[name.Length..].ContainsAnyExcept(Letters))
        {
            return false;
        }

        value = Encoding.ASCII.GetString(parameter[name.Length..]);
        return true;
    }
}
