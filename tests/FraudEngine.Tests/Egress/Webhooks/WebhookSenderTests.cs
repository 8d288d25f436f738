using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Webhooks;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>What a receiver, or whoever names one, can do to the sender.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime, IDisposable
{
    private readonly WebhookSender _sender = new(allowPrivate: true, TimeSpan.FromSeconds(1), TimeProvider.System);
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    public void Dispose() => _sender.Dispose();

    [Theory]
    [InlineData(200, null, false, false)]
    [InlineData(204, null, false, false)]
    [InlineData(299, null, false, false)]
    [InlineData(400, "The endpoint answered 400.", false, false)]
    [InlineData(404, "The endpoint answered 404.", false, true)]
    [InlineData(410, "The endpoint answered 410.", true, true)]
    [InlineData(422, "The endpoint answered 422.", false, false)]
    [InlineData(429, "The endpoint answered 429.", false, true)]
    [InlineData(500, "The endpoint answered 500.", false, true)]
    public async Task An_answer_says_whether_it_has_arrived(int status, string? problem, bool isPermanent, bool isOfEndpoint)
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        };
        var result = await SendAsync(_receiver.Url);
        Assert.Equal((problem, isPermanent, isOfEndpoint), (result.Problem, result.IsPermanent, result.IsOfEndpoint));
        Assert.Equal(problem is null ? null : TimeSpan.FromSeconds(7), result.RetryAfter);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_not_followed(int status)
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        Assert.Equal($"The endpoint answered {status}.", (await SendAsync(_receiver.Url)).Problem);
        Assert.Equal("/alerts", Assert.Single(_receiver.All).Path);
    }

    [Fact]
    public async Task An_endless_answer_is_delivered_and_ends()
    {
        var hasEnded = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.BodyWriter.WriteAsync(new byte[4096], context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                // The sender has hung up.
            }

            hasEnded.SetResult();
        };
        Assert.Null((await SendAsync(_receiver.Url)).Problem);
        await hasEnded.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_receiver_that_says_nothing_is_waited_for_so_long_and_no_longer()
    {
        _receiver.Answer = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var watch = Stopwatch.StartNew();
        Assert.Equal("No answer within 1 s.", (await SendAsync(_receiver.Url)).Problem);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
    }

    [Fact]
    public async Task A_receiver_that_drips_its_answer_is_waited_for_so_long_and_no_longer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var dripping = DripAsync(listener);
        Assert.Equal("No answer within 1 s.", (await SendAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")).Problem);
        await dripping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Problems_name_no_address()
    {
        var port = Hosting.EngineProcess.FreePort();
        Assert.Equal("It can't be connected to.", (await SendAsync($"http://127.0.0.1:{port}/")).Problem);
        Assert.Equal("The connection can't be made secure (TLS).", (await SendAsync(_receiver.Url.Replace("http:", "https:", StringComparison.Ordinal))).Problem);
        _receiver.Answer = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal("The connection broke off.", (await SendAsync(_receiver.Url)).Problem);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    public async Task The_own_network_is_not_reached_unless_that_is_allowed(string host)
    {
        using var sender = new WebhookSender(allowPrivate: false, TimeSpan.FromSeconds(2), TimeProvider.System);
        var result = await sender.SendAsync(EndpointOf($"http://{host}:{_receiver.Port}/"), "id", [], CancellationToken.None);
        Assert.Equal("Its address is not a public one (Webhooks:AllowPrivate).", result.Problem);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task An_endpoint_made_while_plain_http_was_allowed_gets_nothing_by_it_afterwards()
    {
        using var sender = new WebhookSender(allowPrivate: false, TimeSpan.FromSeconds(2), TimeProvider.System);
        var result = await sender.SendAsync(EndpointOf("http://[2600::1]:9/"), "id", [], CancellationToken.None);
        Assert.Equal("It does not begin with https:// (Webhooks:AllowPrivate).", result.Problem);
    }

    [Theory]
    [InlineData("http://example.com/", false)]
    [InlineData("https://example.com/", true)]
    [InlineData("https://user:secret@example.com/", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("/alerts", false)]
    [InlineData("", false)]
    public void An_endpoint_speaks_https(string url, bool isAllowed) => Assert.Equal(isAllowed, WebhookEndpoint.ProblemOf(url, allowPrivate: false) is null);

    private static async Task DripAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        try
        {
            foreach (var drop in "HTTP/1.1 200 OK\r\nX-Slow: " + new string('a', 1000))
            {
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes([drop]));
                await Task.Delay(50);
            }
        }
        catch (IOException)
        {
            // The sender has hung up.
        }
    }

    private static WebhookEndpoint EndpointOf(string url) => new(
        "test", new Uri(url), [new WebhookKey(WebhookSecret.Make(), long.MaxValue)], WebhookAccounts.All, WantsFraud: true, WantsActivity: true, Grouping.None);

    private Task<SendResult> SendAsync(string url) => _sender.SendAsync(EndpointOf(url), "id", "{}"u8.ToArray(), CancellationToken.None);
}
