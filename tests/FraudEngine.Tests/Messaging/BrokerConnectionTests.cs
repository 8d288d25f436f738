using System.Collections.Concurrent;
using FraudEngine.Messaging;
using FraudEngine.Tests.Servers;
using RabbitMQ.Client;

namespace FraudEngine.Tests.Messaging;

public sealed class BrokerConnectionTests
{
    private readonly ConcurrentQueue<string> _failures = new();
    private int _setUps;
    private int _losses;

    [RabbitFact]
    public async Task It_comes_back_when_the_broker_was_killed_and_started_again()
    {
        using var server = await RabbitServer.StartAsync();
        await using var connection = Connect(server.Url);
        await Eventually.ThatAsync(() => connection.IsConnected, "it was connected");
        server.Kill();
        await Eventually.ThatAsync(() => !connection.IsConnected && _losses == 1 && !_failures.IsEmpty, "it noticed");
        await server.StartAgainAsync();
        await Eventually.ThatAsync(() => connection.IsConnected && _setUps == 2, "it was connected again");
    }

    [RabbitFact]
    public async Task A_wrong_password_is_said_without_the_password()
    {
        using var server = await RabbitServer.StartAsync();
        await using var connection = Connect(new UriBuilder(server.Url) { Password = "wr0ng-secret" }.Uri);
        await Eventually.ThatAsync(() => _failures.Any(static failure => failure.Contains("ACCESS_REFUSED", StringComparison.Ordinal)), "it was refused");
        Assert.False(connection.IsConnected);
        Assert.DoesNotContain(_failures, static failure => failure.Contains("wr0ng-secret", StringComparison.Ordinal));
    }

    [RabbitFact]
    public async Task A_network_that_swallows_everything_is_noticed()
    {
        using var server = await RabbitServer.StartAsync();
        using var relay = new TcpRelay(server.Port);
        await using var connection = Connect(new UriBuilder(server.Url) { Port = relay.Port }.Uri);
        await Eventually.ThatAsync(() => connection.IsConnected, "it was connected");
        relay.Cut();
        await Eventually.ThatAsync(() => !connection.IsConnected && _losses == 1, "it noticed");
        relay.Mend();
        await Eventually.ThatAsync(() => connection.IsConnected, "it was connected again");
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so_without_the_password()
    {
        await using var connection = Connect(new Uri("amqp://guest:s3cret@127.0.0.1:1/"));
        await Eventually.ThatAsync(() => _failures.Count > 1, "it was tried twice");
        Assert.DoesNotContain(_failures, static failure => failure.Contains("s3cret", StringComparison.Ordinal));
        Assert.Contains(_failures, static failure => failure.Contains("refused", StringComparison.OrdinalIgnoreCase));
    }

    [RabbitFact]
    public async Task Over_tls_the_broker_must_have_a_certificate_for_its_name_from_the_given_authority()
    {
        using var certificates = new TestCertificates("broker.example");
        using var server = await RabbitServer.StartAsync(
            $"listeners.ssl.default = 127.0.0.1:{certificates.Port}",
            $"ssl_options.cacertfile = {certificates.AuthorityFile}",
            $"ssl_options.certfile = {certificates.CertificateFile}",
            $"ssl_options.keyfile = {certificates.KeyFile}",
            "ssl_options.verify = verify_none");
        await using (var connection = Connect(Url("server_name_indication=broker.example&cacertfile=" + Uri.EscapeDataString(certificates.AuthorityFile))))
        {
            await Eventually.ThatAsync(() => connection.IsConnected, "it was connected over TLS: " + string.Join(" ", _failures));
        }

        // Another name, and an authority that nobody knows.
        await RefusedAsync("server_name_indication=other.example&cacertfile=" + Uri.EscapeDataString(certificates.AuthorityFile));
        await RefusedAsync("server_name_indication=broker.example");

        Uri Url(string query) => new($"amqps://guest:guest@127.0.0.1:{certificates.Port}/?{query}");

        async Task RefusedAsync(string query)
        {
            _failures.Clear();
            await using var connection = Connect(Url(query));
            await Eventually.ThatAsync(() => !_failures.IsEmpty, "it was refused");
            Assert.False(connection.IsConnected);
            Assert.Contains(_failures, static failure => failure.Contains("certificate", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("http://h/", "begins with amqp")]
    [InlineData("amqps://u:s3cret@h/?verify=none", "not verify")]
    [InlineData("amqp://u:s3cret@h/?cacertfile=/x", "amqps")]
    [InlineData("amqps://u:s3cret@h/?cacertfile=/does/not/exist.pem", "can't be read")]
    public void What_is_wrong_with_an_address_is_said_without_the_password(string url, string expected)
    {
        var said = BrokerUrl.Check(new Uri(url));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_address_is_accepted() => Assert.Null(BrokerUrl.Check(new Uri("amqps://u:p%40ss@h:5671/vhost")));

    private BrokerConnection Connect(Uri url) => new(url, "test", TimeProvider.System, SetUpAsync) { Failed = _failures.Enqueue, Lost = () => Interlocked.Increment(ref _losses) };

    private Task SetUpAsync(IConnection connection, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _setUps);
        return Task.CompletedTask;
    }
}
