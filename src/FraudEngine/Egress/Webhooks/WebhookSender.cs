using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary>
/// Sends requests to endpoints. It follows no redirects, keeps no cookies, uses no proxy, reads little of the answers and never for long; and unless that is
/// allowed it speaks HTTPS only, and connects to public addresses only: to the very address that was looked at, so that no name can lead elsewhere meanwhile.
/// </summary>
/// <param name="allowPrivate">Whether an endpoint may be in the own network.</param>
/// <param name="timeout">From the beginning of a request to the head of its answer.</param>
internal sealed class WebhookSender(bool allowPrivate, TimeSpan timeout, TimeProvider clock) : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerBodyMax = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _client = new(Handler(allowPrivate)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Never throws, but where it is cancelled.</summary>
    public async Task<SendResult> SendAsync(WebhookEndpoint endpoint, string id, byte[] body, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(timeout, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        using var request = RequestOf(endpoint, id, body);
        try
        {
            // What is left of the answer is read by the handler when it is disposed of, up to its limits.
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            return ResultOf(response);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendResult($"No answer within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
        catch (HttpRequestException reason)
        {
            return new SendResult(ProblemOf(reason));
        }
        catch (IOException)
        {
            return new SendResult("The connection broke off.");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(WebhookEndpoint endpoint, string id, byte[] body)
    {
        var now = clock.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = content };
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(id, timestamp, body, endpoint.KeysAt(now.UtcTicks)));
        request.Headers.TryAddWithoutValidation("User-Agent", "FraudEngine");
        return request;
    }

    private SendResult ResultOf(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return SendResult.Delivered;
        }

        // These are about the message; all others say that the endpoint as a whole does not take messages now.
        var isOfEndpoint = status is not (400 or 409 or 413 or 415 or 422);
        return new SendResult($"The endpoint answered {status.ToString(CultureInfo.InvariantCulture)}.", IsPermanent: status == 410, RetryAfterOf(response), isOfEndpoint);
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        return asked?.Delta ?? (asked?.Date is { } date && date > clock.GetUtcNow() ? date - clock.GetUtcNow() : null);
    }

    /// <summary>Without what the message itself says: that may name the address.</summary>
    private static string ProblemOf(HttpRequestException reason) => reason switch
    {
        { InnerException: PlainHttpException } => "It does not begin with https:// (Webhooks:AllowPrivate).",
        { InnerException: PrivateAddressException } => "Its address is not a public one (Webhooks:AllowPrivate).",
        { HttpRequestError: HttpRequestError.NameResolutionError } or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => "Its name is not found.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => "The connection can't be made secure (TLS).",
        { HttpRequestError: HttpRequestError.ConnectionError } => "It can't be connected to.",
        { HttpRequestError: HttpRequestError.ResponseEnded } or { InnerException: IOException } => "The connection broke off.",
        _ => "Its answer is not HTTP.",
    };

    private static SocketsHttpHandler Handler(bool allowPrivate) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = AnswerBytesMax,
        ResponseDrainTimeout = AnswerBodyMax,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellation) => ConnectAsync(context, allowPrivate, cancellation),
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool allowPrivate, CancellationToken cancellation)
    {
        var endpoint = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        var allowed = allowPrivate ? addresses : Array.FindAll(addresses, PublicAddresses.IsPublic);
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new PrivateAddressException();
        }

        if (!allowPrivate && context.InitialRequestMessage.RequestUri!.Scheme != Uri.UriSchemeHttps)
        {
            // It was made while that was allowed.
            throw new PlainHttpException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception reason) when (reason is SocketException or OperationCanceledException or ArgumentException)
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class PrivateAddressException : IOException;

    private sealed class PlainHttpException : IOException;
}
