using FraudEngine.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FraudEngine.Cluster;

/// <summary>
/// Carries frames between nodes over RabbitMQ: to one node by the exchange <c>fraudengine.nodes</c>, to all by <c>fraudengine.news</c>. Both end in a queue of the node's own
/// that lives as long as the connection. Nothing in it outlives that, nor needs to: what was under way is asked again.
/// </summary>
internal sealed class NodePost : IAsyncDisposable
{
    private static readonly CachedString Nodes = new("fraudengine.nodes");
    private static readonly CachedString News = new("fraudengine.news");
    private static readonly CachedString NoKey = new("");

    private readonly string _life;
    private readonly FrameReceived _received;
    private readonly Action<long> _connected;
    private readonly Lock _receiving = new();
    private readonly Dictionary<string, CachedString> _keys = new(StringComparer.Ordinal);
    private readonly Func<BrokerConnection> _connect;
    private BrokerConnection? _connection;
    private volatile IChannel? _channel;
    private long _connections;

    /// <param name="received">Takes a frame; called by one thread at a time.</param>
    /// <param name="connected">Called with the number of the connection when it is set up.</param>
    /// <param name="lost">Called when it is gone, or can't be made, with the reason.</param>
    public NodePost(Uri broker, string node, string life, TimeProvider clock, FrameReceived received, Action<long> connected, Action<string> lost)
    {
        _life = life;
        _received = received;
        _connected = connected;
        _connect = () => new BrokerConnection(broker, $"FraudEngine {node}", clock, SetUpAsync)
        {
            Failed = lost,
            Lost = () =>
            {
                _channel = null;
                lost(_connection?.LostBecause ?? "");
            },
        };
    }

    /// <summary>Begins to connect.</summary>
    public void Start() => _connection = _connect();

    public bool IsConnected => _channel is not null;

    /// <summary>Sends a frame to a node. Used by one caller at a time. The frame may be changed when this has ended; what could not be sent is lost.</summary>
    public ValueTask SendAsync(string life, ReadOnlyMemory<byte> frame)
    {
        if (!_keys.TryGetValue(life, out var key))
        {
            const int keysMax = 1024;
            if (_keys.Count == keysMax)
            {
                _keys.Clear();
            }

            _keys.Add(life, key = new CachedString(life));
        }

        return PublishAsync(Nodes, key, frame);
    }

    /// <summary>Sends a frame to all nodes, this one too.</summary>
    public ValueTask SendToAllAsync(ReadOnlyMemory<byte> frame) => PublishAsync(News, NoKey, frame);

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask PublishAsync(CachedString exchange, CachedString key, ReadOnlyMemory<byte> frame)
    {
        if (_channel is not { } channel)
        {
            return;
        }

        try
        {
            await channel.BasicPublishAsync(exchange, key, frame);
        }
        catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
        {
            // The connection says so itself in a moment; until then nothing more is tried.
            if (!channel.IsOpen)
            {
                _channel = null;
            }
        }
    }

    private async Task SetUpAsync(IConnection connection, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _connections);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(Nodes.Value, ExchangeType.Direct, durable: true, cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(News.Value, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);

        // Each connection has a queue of its own: the broker may not know yet that the former is gone.
        var queue = $"fraudengine.node.{_life}.{number}";
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, Nodes.Value, _life, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, News.Value, "", cancellationToken: cancellation);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Receive(delivery.Body.Span);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellation);

        // Without it nothing is heard, while the connection looks well: the queue was deleted, or the channel closed.
        consumer.UnregisteredAsync += (_, _) => CloseSoon();
        consumer.ShutdownAsync += (_, _) => CloseSoon();
        _channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        _connected(number);

        // Not from within the channel's own event, for which closing waits.
        Task CloseSoon()
        {
            if (connection.IsOpen)
            {
                _ = Task.Run(() => connection.AbortAsync(), CancellationToken.None);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Takes a frame. A former connection may bring its last while the new one brings its first.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        lock (_receiving)
        {
            _received(frame);
        }
    }
}

/// <summary>Takes a frame, which is only there while it runs.</summary>
internal delegate void FrameReceived(ReadOnlySpan<byte> frame);
