using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Ingress.Feed;
using FraudEngine.Tests.Servers;
using RabbitMQ.Client;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>A broker for the tests of one class, each of which has a virtual host of its own.</summary>
public sealed class FeedBroker : IAsyncLifetime
{
    private RabbitServer? _server;
    private int _hosts;

    internal RabbitServer Server => _server!;

    public async Task InitializeAsync() => _server = RabbitServer.IsInstalled ? await RabbitServer.StartAsync() : null;

    public Task DisposeAsync()
    {
        _server?.Dispose();
        return Task.CompletedTask;
    }

    internal async Task<FeedHost> NewHostAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"host{Interlocked.Increment(ref _hosts)}");

        // The broker counts anew every 5 s unless it is told otherwise.
        await Server.ControlAsync("eval", $"application:set_env(rabbit, quorum_tick_interval, 200), rabbit_vhost:add(<<\"{name}\">>, <<\"test\">>), rabbit_auth_backend_internal:set_permissions(<<\"guest\">>, <<\"{name}\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"test\">>).");
        return new FeedHost(Server, name);
    }
}

/// <summary>A virtual host of the broker, with a sender and a reader of its own.</summary>
internal sealed class FeedHost(RabbitServer server, string name) : IAsyncDisposable
{
    private IConnection? _connection;
    private IChannel? _channel;
    private readonly SemaphoreSlim _opening = new(1);

    public Uri Url { get; } = new(server.Url, name);

    public RabbitServer Server => server;

    public async Task<IChannel> ChannelAsync()
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await _opening.WaitAsync();
        try
        {
            return _channel is { IsOpen: true } ? _channel : _channel = await OpenAsync();
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<IChannel> OpenAsync()
    {
        _connection = await new ConnectionFactory { Uri = Url, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    /// <summary>Ends when the broker has stored it.</summary>
    public Task PublishAsync(string account, string text) => PublishAsync(KeyOf(account), Encoding.UTF8.GetBytes(text));

    public async Task PublishAsync(string key, byte[] body, BasicProperties? properties = null) =>
        await (await ChannelAsync()).BasicPublishAsync(TransactionQueues.Exchange, key, mandatory: true, properties ?? new BasicProperties { Persistent = true }, body);

    public static string KeyOf(string account) => (Hash64.Of(Encoding.UTF8.GetBytes(account)) >> 56).ToString(CultureInfo.InvariantCulture);

    /// <summary>The next message of a queue, once there is one; it is taken out.</summary>
    public async Task<BasicGetResult> TakeAsync(string queue)
    {
        BasicGetResult? message = null;
        var channel = await ChannelAsync();
        await Eventually.ThatAsync(() => (message ??= channel.BasicGetAsync(queue, autoAck: true).GetAwaiter().GetResult()) is not null, $"there was a message in {queue}");
        return message!;
    }

    /// <summary>The reason of the next dead letter.</summary>
    public async Task<string> DeadReasonAsync() => HeaderOf(await TakeAsync(TransactionQueues.Dead), "x-reason");

    public static string HeaderOf(BasicGetResult message, string header) =>
        message.BasicProperties.Headers![header] is byte[] text ? Encoding.UTF8.GetString(text) : Convert.ToString(message.BasicProperties.Headers[header], CultureInfo.InvariantCulture)!;

    public static string BodyOf(BasicGetResult message) => Encoding.UTF8.GetString(message.Body.Span);

    /// <summary>Ends when so many messages are in all queues of the feed, those that are delivered and not acknowledged included.</summary>
    public Task UntilMessagesAsync(int messages) => Eventually.ThatAsync(() => MessagesAsync().GetAwaiter().GetResult() == messages, $"{messages} messages were in the queues");

    private async Task<int> MessagesAsync() =>
        (await server.ControlAsync("list_queues", "-p", name, "--no-table-headers", "name", "messages")).Split('\n')
            .Select(line => line.Split('\t')).Where(row => row.Length == 2 && row[0] != TransactionQueues.Dead).Sum(row => int.Parse(row[1], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        _opening.Dispose();
        if (_connection is not null)
        {
            await _connection.AbortAsync();
            await _connection.DisposeAsync();
        }
    }
}
