using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Replay;

namespace TransactionFeed.Broker;

/// <summary>One connection on which transactions are published, and confirmed in the broker's own time.</summary>
internal sealed class PublisherConnection : IAsyncDisposable
{
    private const string Exchange = "transactions";
    private const int NotFound = 404;

    private static readonly BasicProperties Properties = new() { Persistent = true, ContentType = "application/json" };

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly UnconfirmedTail _tail;
    private readonly PublishTally _tally;
    private readonly AsyncSignal _confirmed = new();
    private readonly List<TransactionRecord> _batch = [];
    private readonly CancellationTokenSource _broken;
    private readonly ITimer _watch;
    private Exception? _failure;
    private string? _blocked;
    private long _confirmedBefore = -1;
    private volatile bool _isDisposed;

    private PublisherConnection(
        BrokerAddress broker, IConnection connection, IChannel channel, UnconfirmedTail tail, PublishTally tally, TimeSpan confirmTimeout, TimeProvider time, CancellationToken stop)
    {
        _connection = connection;
        _channel = channel;
        _tail = tail;
        _tally = tally;
        _broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        channel.BasicAcksAsync += (_, confirm) => ConfirmAsync(confirm);
        channel.BasicNacksAsync += (_, _) => FailAsync(new IOException("The broker could not store a transaction."));
        channel.BasicReturnAsync += (_, _) => FailAsync(NoQueues(broker));
        channel.ChannelShutdownAsync += (_, reason) =>
            FailAsync(reason.ReplyCode == NotFound ? NoQueues(broker) : new IOException($"The connection is gone: {reason.ReplyText}"));
        connection.ConnectionBlockedAsync += (_, reason) => TellBlocked(reason.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => TellBlocked(null);
        _watch = time.CreateTimer(_ => Watch(confirmTimeout), null, confirmTimeout, confirmTimeout);
    }

    /// <summary>Throws the library's exceptions where the broker can't be reached, and one for the user where the engine's exchange isn't there.</summary>
    /// <param name="confirmTimeout">A connection that owes confirms and gives none for so long counts as broken.</param>
    public static async Task<PublisherConnection> OpenAsync(
        BrokerAddress broker, UnconfirmedTail tail, PublishTally tally, TimeSpan confirmTimeout, TimeProvider time, CancellationToken stop)
    {
        var connection = await broker.NewFactory().CreateConnectionAsync(stop);
        try
        {
            // Not the library's tracking of each confirm by a task of its own: the tail does that, in order.
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, outstandingPublisherConfirmationsRateLimiter: null), stop);
            await channel.ExchangeDeclarePassiveAsync(Exchange, stop);
            return new PublisherConnection(broker, connection, channel, tail, tally, confirmTimeout, time, stop);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is OperationInterruptedException { ShutdownReason.ReplyCode: NotFound })
            {
                throw NoQueues(broker);
            }

            throw;
        }
    }

    /// <summary>Publishes a record that is the tail's next. Throws where the connection is of no more use.</summary>
    public async ValueTask PublishAsync(TransactionRecord record)
    {
        record.SentAt = record.SentAt == 0 ? Stopwatch.GetTimestamp() : record.SentAt;
        var text = record.Payload.AsMemory().TrimEnd((byte)'\n');
        try
        {
            await _channel.BasicPublishAsync(Exchange, AccountSlot.KeyOf(record.AccountId), mandatory: true, Properties, text, _broken.Token);
        }
        catch (Exception e) when (Volatile.Read(ref _failure) is { } reason && reason != e)
        {
            throw reason;
        }

        _tally.CountPublished();
    }

    /// <summary>Ends when something was confirmed. Throws where the connection is of no more use, or gives no confirm for too long.</summary>
    public async ValueTask WaitForConfirmAsync()
    {
        try
        {
            await _confirmed.WaitAsync(_broken.Token);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _failure) is { } reason)
        {
            throw reason;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _watch.DisposeAsync();
        await _connection.AbortAsync(TimeSpan.FromSeconds(2));
        await _connection.DisposeAsync();
        _broken.Dispose();
    }

    private static FeedException NoQueues(BrokerAddress broker) =>
        FeedException.Usage($"There are no queues of transactions at {broker}. Start an engine with Broker:Url set to this broker first: it makes them.");

    private Task ConfirmAsync(BasicAckEventArgs confirm)
    {
        if (!_isDisposed)
        {
            _batch.Clear();
            _tail.Confirm(confirm.DeliveryTag, confirm.Multiple, _batch);
            _tally.CountConfirmed(_batch);
            _confirmed.Raise();
        }

        return Task.CompletedTask;
    }

    private Task TellBlocked(string? reason)
    {
        Volatile.Write(ref _blocked, reason);
        return Task.CompletedTask;
    }

    private Task FailAsync(Exception reason)
    {
        // The first reason says most.
        if (!_isDisposed && Interlocked.CompareExchange(ref _failure, reason, null) is null)
        {
            _broken.Cancel();
        }

        return Task.CompletedTask;
    }

    private void Watch(TimeSpan timeout)
    {
        var confirmed = _tally.Confirmed;
        if (_tail.Count > 0 && confirmed == _confirmedBefore)
        {
            _ = FailAsync(new IOException(FormattableString.Invariant($"No confirm for {timeout.TotalSeconds:0.#} s")
                + (Volatile.Read(ref _blocked) is { } reason ? $": the broker takes nothing in ({reason})." : ".")));
        }

        _confirmedBefore = _tail.Count > 0 ? confirmed : -1;
    }
}
