using System.Text;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Which requests the lane takes.</summary>
public sealed class PlainRequestTests
{
    private const string Line = "POST /v1/transactions HTTP/1.1\r\n";
    private const string Needed = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";

    [Theory]
    [InlineData(Line + Needed + "\r\n{}")]
    [InlineData(Line + Needed + "\r\n{}POST")]
    [InlineData(Line + "HOST:x.example.com:5080\r\ncontent-length:02\r\nCONTENT-type:  application/json \r\n\r\n{}")]
    [InlineData(Line + "Host: 127.0.0.1\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept: */*\r\nUser-Agent: a/1 (b)\r\nAccept-Encoding: gzip\r\nAccept-Language: de\r\nConnection: Keep-Alive\r\nX-Request-Id: 7\r\ntraceparent: 00-1-2-01\r\ntracestate: a=b\r\n\r\n{}")]
    public void A_plain_request_is_found_with_its_body(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.True(PlainRequest.TryFind(bytes, out var body));
        Assert.Equal("{}", Encoding.Latin1.GetString(bytes[body]));
    }

    [Theory]
    [InlineData("GET /v1/transactions HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("post /v1/transactions HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("POST /v1/transactions HTTP/1.0\r\n" + Needed + "\r\n{}")]
    [InlineData("POST /v1/transactions/ HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("POST /v1/transactions?a HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("POST /V1/transactions HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("POST  /v1/transactions HTTP/1.1\r\n" + Needed + "\r\n{}")]
    [InlineData("POST /v1/transactions HTTP/1.1\n" + Needed + "\r\n{}")]
    [InlineData("\r\n" + Line + Needed + "\r\n{}")]
    [InlineData(Line + "\r\n{}")]
    [InlineData(Line + Needed + "\r\n{")]
    [InlineData(Line + Needed)]
    [InlineData(Line + Needed + "\n{}")]
    [InlineData(Line + Needed + "Accept: a\nX: b\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept: a\rb\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept: a\tb\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept: a\0b\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept: é\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept : a\r\n\r\n{}")]
    [InlineData(Line + Needed + " Accept: a\r\n\r\n{}")]
    [InlineData(Line + Needed + "Accept\r\n\r\n{}")]
    [InlineData(Line + Needed + ": a\r\n\r\n{}")]
    [InlineData(Line + Needed + "Connection: close\r\n\r\n{}")]
    [InlineData(Line + Needed + "Connection: keep-alive, upgrade\r\n\r\n{}")]
    [InlineData(Line + Needed + "Expect: 100-continue\r\n\r\n{}")]
    [InlineData(Line + Needed + "Transfer-Encoding: chunked\r\n\r\n{}")]
    [InlineData(Line + Needed + "Content-Encoding: gzip\r\n\r\n{}")]
    [InlineData(Line + Needed + "Authorization: Basic x\r\n\r\n{}")]
    [InlineData(Line + Needed + "Upgrade: h2c\r\n\r\n{}")]
    [InlineData(Line + Needed + "X-Forwarded-For: 1.1.1.1\r\n\r\n{}")]
    [InlineData(Line + Needed + "Host: x\r\n\r\n{}")]
    [InlineData(Line + Needed + "Content-Length: 2\r\n\r\n{}")]
    [InlineData(Line + Needed + "Content-Type: application/json\r\n\r\n{}")]
    [InlineData(Line + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json; charset=latin1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: \r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x:\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x:1:2\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: a/b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\nContent-Length: \r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\nContent-Length: +2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\nContent-Length: 2, 2\r\n\r\n{}")]
    [InlineData(Line + "Host: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public void Anything_else_is_left_to_the_web_server(string text) => Assert.False(PlainRequest.TryFind(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("transfer-encoding:Chunked\r\nUser-Agent: a\r\nHOST: x:1\r\nAccept: */*\r\ncontent-type: application/x-ndjson\r\n")]
    public void A_plain_stream_is_found_with_its_begin(string headers)
    {
        var text = Line + headers + "\r\n";
        Assert.True(PlainRequest.TryFindStream(Encoding.Latin1.GetBytes(text + "5\r\n"), out var start));
        Assert.Equal(text.Length, start);
        Assert.False(PlainRequest.TryFindStream(Encoding.Latin1.GetBytes(text[..^1]), out _));
        Assert.False(PlainRequest.TryFind(Encoding.Latin1.GetBytes(text), out _));
    }

    [Theory]
    [InlineData(Needed)]
    [InlineData("Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 2\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: gzip, chunked\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n")]
    [InlineData("Host: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n")]
    [InlineData("Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n")]
    public void Any_other_stream_is_left_to_the_web_server(string headers) =>
        Assert.False(PlainRequest.TryFindStream(Encoding.Latin1.GetBytes(Line + headers + "\r\n2\r\n"), out _));
}
