using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FraudEngine.Messaging;

/// <summary>
/// A connection to RabbitMQ that comes back by itself. Each time it is there, its user sets up channels, queues and consumers anew (<c>setUp</c>); what was
/// under way on the old connection is the user's to send again.
/// </summary>
public sealed class BrokerConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(2);

    private readonly ConnectionFactory _factory;
    private readonly Func<IConnection, CancellationToken, Task> _setUp;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private volatile bool _isConnected;

    /// <param name="url">As <see cref="BrokerUrl"/> reads it. Throws <see cref="FormatException"/> where it is none.</param>
    /// <param name="name">How the broker shows the connection.</param>
    /// <param name="setUp">Called with each new connection; where it throws one of the client's exceptions, the connection is given up and made again.</param>
    public BrokerConnection(Uri url, string name, TimeProvider clock, Func<IConnection, CancellationToken, Task> setUp)
    {
        _clock = clock;
        _setUp = setUp;
        _factory = new ConnectionFactory
        {
            ClientProvidedName = name,

            // What is set up depends on what the node owns by then, so it is not replayed by the client.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
        };
        BrokerUrl.Apply(url, _factory);

        // The most that a broker can be set to take: a longer message would end the connection each time that it is delivered. An address sets it back.
        _factory.MaxInboundMessageBodySize = 512 * 1024 * 1024;
        _running = RunAsync();
    }

    /// <summary>Told, without the password, why there is no connection, once per failed attempt. Must return at once and not throw.</summary>
    public Action<string>? Failed { get; set; }

    /// <summary>Told when a connection that was set up is gone. Must return at once and not throw.</summary>
    public Action? Lost { get; set; }

    /// <summary>Why the last connection is gone.</summary>
    public string LostBecause { get; private set; } = "";

    /// <summary>Whether a connection is there and set up.</summary>
    public bool IsConnected => _isConnected;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var retry = RetryMin;
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await UseAsync();
                retry = RetryMin;
            }
            catch (Exception reason) when (IsOfBroker(reason))
            {
                if (!_ending.IsCancellationRequested)
                {
                    Failed?.Invoke(TextOf(reason));
                }
            }

            if (!_ending.IsCancellationRequested)
            {
                await Task.Delay(retry, _clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < RetryMax ? retry * 2 : RetryMax;
            }
        }
    }

    /// <summary>Connects, sets up, and ends when the connection does.</summary>
    private async Task UseAsync()
    {
        var connection = await _factory.CreateConnectionAsync(_ending.Token);
        try
        {
            await UseAsync(connection);
        }
        finally
        {
            // For as long as it may take, and no longer: closing what is broken waits for answers that do not come, per channel.
            await Task.WhenAny(CloseAsync(connection), Task.Delay(CloseMax, CancellationToken.None));
        }
    }

    private static async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(CloseMax);
            await connection.DisposeAsync();
        }
        catch (Exception reason) when (IsOfBroker(reason))
        {
            // Then it is closed.
        }
    }

    private async Task UseAsync(IConnection connection)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, shutdown) =>
        {
            LostBecause = shutdown.ReplyText;
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        await _setUp(connection, _ending.Token);
        _isConnected = true;
        try
        {
            await gone.Task.WaitAsync(_ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _isConnected = false;
        }

        Lost?.Invoke();
    }

    /// <summary>What lies at the bottom of it: the client wraps it in texts that say little.</summary>
    private static string TextOf(Exception reason) =>
        reason switch
        {
            AggregateException { InnerException: { } inner } => TextOf(inner),
            System.Security.Authentication.AuthenticationException { InnerException: null } =>
                $"{reason.Message} The broker's certificate must be made out for the host, and signed by an authority that this machine knows or that cacertfile in Broker:Url names.",
            BrokerUnreachableException { InnerException: { } inner } => TextOf(inner),
            { InnerException: { } inner } => $"{reason.Message}: {TextOf(inner)}",
            _ => reason.Message,
        };

    /// <summary>What the client throws where the broker is away, goes away, or refuses.</summary>
    public static bool IsOfBroker(Exception reason) =>
        reason is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or ProtocolException or RabbitMQClientException
            or IOException or System.Net.Sockets.SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException or System.Threading.Channels.ChannelClosedException;
}
