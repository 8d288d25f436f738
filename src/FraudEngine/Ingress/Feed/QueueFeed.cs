using FraudEngine.Engine;
using FraudEngine.Messaging;
using RabbitMQ.Client;

namespace FraudEngine.Ingress.Feed;

/// <summary>
/// Takes transactions from the broker's queues of the shards that this node owns, and from the queue of those with no slot. A message is acknowledged once
/// what became of it is durable, so none is lost; one that comes again has its id, so none is decided twice.
/// </summary>
public sealed class QueueFeed : IAsyncDisposable
{
    private readonly FeedSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly TimeProvider _clock;
    private readonly FeedPublisher _publisher;
    private readonly BrokerConnection _connection;
    private readonly AsyncSignal _changed = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private readonly FeedCounts[] _counts;
    private string[] _wanted = [];
    private FeedSession? _session;

    /// <param name="name">How the broker shows this node.</param>
    public QueueFeed(Uri broker, string name, FeedSettings settings, DecisionEngine engine, TimeProvider clock)
    {
        _settings = settings;
        _engine = engine;
        _clock = clock;
        _counts = [.. QueuesOf(Enumerable.Range(0, engine.Shards)).Select(queue => new FeedCounts(queue))];
        _publisher = new FeedPublisher(broker, $"{name} (dead letters and answers of the feed)", settings, clock);
        _connection = new BrokerConnection(broker, $"{name} (feed)", clock, SetUpAsync)
        {
            Failed = reason => Failed?.Invoke(reason),
            Lost = Lose,
        };
        _running = RunAsync();
    }

    /// <summary>Told why there is no connection, at each attempt. Must return at once and not throw.</summary>
    public Action<string>? Failed { get; set; }

    /// <summary>Told when the queues are there and are being consumed. Must return at once and not throw.</summary>
    public Action? Connected { get; set; }

    /// <summary>Told when the connection is gone. Must return at once and not throw.</summary>
    public Action? Lost { get; set; }

    public bool IsConnected => _connection.IsConnected;

    /// <summary>Per queue, of all queues.</summary>
    public IReadOnlyList<FeedCounts> Counts => _counts;

    /// <summary>Answers that senders asked for and did not get.</summary>
    public long RepliesDropped => _publisher.RepliesDropped;

    /// <summary>
    /// Says which shards are this node's from now on: their queues are consumed, and those of others no more once what is under way from them is answered.
    /// From any thread; does not wait.
    /// </summary>
    public void Own(IReadOnlyCollection<int> shards)
    {
        Volatile.Write(ref _wanted, QueuesOf(shards));
        _changed.Set();
    }

    /// <summary>Takes nothing more, waits for what is under way and acknowledges it. The engine must still run.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        await _ending.CancelAsync();
        _changed.Set();
        await _running;
        if (Volatile.Read(ref _session) is { } session)
        {
            await session.StopAsync(_settings.StopMax, _clock);
        }

        await _connection.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private string[] QueuesOf(IEnumerable<int> shards) =>
        [.. shards.Select(shard => TransactionQueues.QueueOf(shard, _engine.Shards)).Distinct(), TransactionQueues.Unrouted];

    private async Task SetUpAsync(IConnection connection, CancellationToken cancellation)
    {
        await TransactionQueues.DeclareAsync(connection, _engine.Shards, cancellation);
        Volatile.Write(ref _session, new FeedSession(connection, OpenAsync, _settings.RetryAfter, _clock, _changed.Set));
        _changed.Set();
        Connected?.Invoke();
    }

    private async Task<QueueConsumer> OpenAsync(IConnection connection, string queue)
    {
        var channel = await connection.CreateChannelAsync();
        return new QueueConsumer(channel, Array.Find(_counts, counts => counts.Queue == queue)!, _engine, _publisher, _settings);
    }

    private void Lose()
    {
        Interlocked.Exchange(ref _session, null)?.Abandon();
        if (!_ending.IsCancellationRequested)
        {
            Lost?.Invoke();
        }
    }

    /// <summary>Consumes what is wanted, each time that this or the connection changes.</summary>
    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            await _changed.WaitAsync();
            var session = Volatile.Read(ref _session);
            if (session is null || _ending.IsCancellationRequested)
            {
                continue;
            }

            try
            {
                await session.ConsumeAsync(Volatile.Read(ref _wanted));
            }
            catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
            {
                Failed?.Invoke(reason.Message);
                await session.BreakAsync();
            }
        }
    }
}
