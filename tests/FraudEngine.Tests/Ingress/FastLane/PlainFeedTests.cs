using System.Text;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Which requests for alerts the lane takes.</summary>
public sealed class PlainFeedTests
{
    private const string Line = "GET /v1/alerts/stream HTTP/1.1\r\n";

    [Theory]
    [InlineData(Line + "Host: x\r\n\r\n", null, null)]
    [InlineData("GET /v1/alerts/stream?account=a-1 HTTP/1.1\r\nhost:x\r\n\r\n", "a-1", null)]
    [InlineData("GET /v1/alerts/stream?after=0&account=a_1.~ HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n\r\n", "a_1.~", "0")]
    [InlineData("GET /v1/alerts/stream?after=0 HTTP/1.1\r\nHost: x\r\nlast-event-id: 7\r\nConnection: keep-alive\r\n\r\n", null, "7")]
    public void A_plain_one_is_found(string text, string? account, string? after)
    {
        Assert.Equal(new PlainFeed(account, after, text.Length), PlainFeed.Find(Encoding.Latin1.GetBytes(text + "GET")));
        Assert.Null(PlainFeed.Find(Encoding.Latin1.GetBytes(text[..^1])));
    }

    [Theory]
    [InlineData("HEAD /v1/alerts/stream HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream HTTP/1.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream? HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account= HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?Account=a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account=a%20b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account=a+b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account=a&account=b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account=a& HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?account=a&&after=0 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream#a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/alerts/stream HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(Line + "\r\n")]
    [InlineData(Line + "Host: x\r\nHost: x\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nLast-Event-ID: \r\n\r\n")]
    [InlineData(Line + "Host: x\r\nLast-Event-ID: 1\r\nLast-Event-ID: 2\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nLast-Event-ID: é\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nAuthorization: Basic x\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nOrigin: http://x\r\n\r\n")]
    [InlineData(Line + "Host: x\r\nConnection: close\r\n\r\n")]
    public void Any_other_is_left_to_the_web_server(string text) => Assert.Null(PlainFeed.Find(Encoding.Latin1.GetBytes(text)));
}
