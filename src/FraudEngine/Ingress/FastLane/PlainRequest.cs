namespace FraudEngine.Ingress.FastLane;

/// <summary>Recognises plain requests: <c>POST /v1/transactions</c> with a transaction as JSON, whole, or with a stream in chunks, and with no header that could matter.</summary>
internal static class PlainRequest
{
    private static ReadOnlySpan<byte> RequestLine => "POST /v1/transactions HTTP/1.1\r\n"u8;

    /// <summary>Finds the body of the request with which <paramref name="text"/> begins; false where that is not surely a plain single one, or not whole.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, out Range body)
    {
        var head = Read(text);
        body = head.Length..(head.Length + head.BodyLength);
        return head.Seen == (PlainHead.Host | PlainHead.Json | PlainHead.WithLength) && head.BodyLength > 0 && text.Length >= body.End.Value;
    }

    /// <summary>Finds where the stream begins whose head <paramref name="text"/> begins with; false where that is not surely a plain one, or not whole.</summary>
    public static bool TryFindStream(ReadOnlySpan<byte> text, out int start)
    {
        var head = Read(text);
        start = head.Length;
        return head.Seen == (PlainHead.Host | PlainHead.Ndjson | PlainHead.Chunked);
    }

    private static PlainHead Read(ReadOnlySpan<byte> text) => text.StartsWith(RequestLine) ? PlainHead.Read(text, RequestLine.Length) : default;
}
