using System.Buffers;
using System.Threading.Channels;
using FraudEngine.Domain;
using FraudEngine.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FraudEngine.Ingress.Feed;

/// <summary>
/// Publishes what the feed gives back: dead letters, each confirmed by the broker, and answers. Over a connection of its own: a broker that is short of memory
/// or disk stops reading from publishers, and must still hear what is acknowledged.
/// </summary>
internal sealed class FeedPublisher : IAsyncDisposable
{
    private const int DetailCharactersMax = 1000;
    private static readonly TimeSpan AbortMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _clock;
    private readonly BrokerConnection _connection;
    private readonly Channel<Answer> _answers;
    private readonly Task _answering;
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource<IChannel> _channel = NewChannel();
    private IChannel? _answerChannel;
    private long _repliesDropped;

    public FeedPublisher(Uri broker, string name, FeedSettings settings, TimeProvider clock)
    {
        _clock = clock;
        _answers = System.Threading.Channels.Channel.CreateBounded<Answer>(new BoundedChannelOptions(settings.RepliesMax) { SingleReader = true });
        _connection = new BrokerConnection(broker, name, clock, SetUpAsync) { Lost = () => Volatile.Write(ref _channel, NewChannel()) };
        _answering = PublishAnswersAsync();
    }

    /// <summary>Answers that were asked for and not published: too many waited, or there was no connection.</summary>
    public long RepliesDropped => Volatile.Read(ref _repliesDropped);

    /// <summary>Ends when the dead letter is stored by the broker, however long that takes. It may be stored more than once where a connection breaks.</summary>
    public async Task DeadLetterAsync(FeedMessage message, string queue, CancellationToken cancellation)
    {
        var properties = DeadPropertiesOf(message, queue);
        while (true)
        {
            var channel = await Volatile.Read(ref _channel).Task.WaitAsync(cancellation);
            try
            {
                await channel.BasicPublishAsync(TransactionQueues.Dead, message.RoutingKey, mandatory: true, properties, message.Text, cancellation);
                return;
            }
            catch (Exception reason) when (BrokerConnection.IsOfBroker(reason) && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(RetryAfter, _clock, cancellation);
                if (reason is PublishException)
                {
                    await DeclareDeadAsync(channel, cancellation);
                }
            }
        }
    }

    /// <summary>Publishes the answer, durable by now, where the sender asked for it. Does not wait.</summary>
    public void Reply(FeedMessage message, ReasonCatalog catalog)
    {
        if (message.Properties?.ReplyTo is not { Length: > 0 } replyTo || !MayReplyTo(replyTo))
        {
            return;
        }

        var body = new ArrayBufferWriter<byte>(256);
        if (message.Problem is { } problem)
        {
            problem.WriteTo(body);
        }
        else
        {
            DecisionJson.Write(body, message.Envelope.Transaction, message.Envelope.Decision, catalog);
        }

        var properties = new BasicProperties
        {
            ContentType = message.Problem is null ? "application/json" : "application/problem+json",
            CorrelationId = message.Properties.CorrelationId ?? message.Properties.MessageId,
        };
        if (!_answers.Writer.TryWrite(new Answer(replyTo, properties, body.WrittenMemory)))
        {
            Interlocked.Increment(ref _repliesDropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What was answered is published, if the broker takes it.
        _answers.Writer.TryComplete();
        await Task.WhenAny(_answering, Task.Delay(TimeSpan.FromSeconds(2), _clock));
        await _ending.CancelAsync();
        await _answering;
        await _connection.DisposeAsync();
        _ending.Dispose();
    }

    /// <summary>The engine's own queues are not for answers: a sender could fill them with what it may not publish itself.</summary>
    private static bool MayReplyTo(string queue) =>
        !queue.StartsWith(TransactionQueues.Exchange, StringComparison.Ordinal) && !queue.StartsWith("fraudengine", StringComparison.Ordinal);

    private static TaskCompletionSource<IChannel> NewChannel() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Not the sender's headers, which may be as large as a frame, its expiry, or its user, which the broker would refuse.</summary>
    private static BasicProperties DeadPropertiesOf(FeedMessage message, string queue)
    {
        var detail = message.Problem!.Detail;
        var properties = new BasicProperties
        {
            Persistent = true,
            Headers = new Dictionary<string, object?>
            {
                ["x-reason"] = message.Problem.Kind,
                ["x-detail"] = detail.Length > DetailCharactersMax ? detail[..DetailCharactersMax] : detail,
                ["x-queue"] = queue,
                ["x-routing-key"] = message.RoutingKey,
                ["x-bytes"] = message.BytesInAll,
            },
        };
        if (message.Properties is { } given)
        {
            properties.ContentType = given.ContentType;
            properties.ContentEncoding = given.ContentEncoding;
            properties.MessageId = given.MessageId;
            properties.CorrelationId = given.CorrelationId;
            properties.AppId = given.AppId;
            properties.Type = given.Type;
        }

        return properties;
    }

    private static async Task DeclareDeadAsync(IChannel channel, CancellationToken cancellation)
    {
        try
        {
            await TransactionQueues.DeclareDeadAsync(channel, cancellation);
        }
        catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
        {
            // The next try finds out.
        }
    }

    private async Task SetUpAsync(IConnection connection, CancellationToken cancellation)
    {
        // No limit on what is not confirmed: what is taken in is limited already.
        var confirmed = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancellation);
        await TransactionQueues.DeclareDeadAsync(confirmed, cancellation);
        Volatile.Write(ref _answerChannel, await connection.CreateChannelAsync(cancellationToken: cancellation));

        // A channel that the broker closes, as for a queue that was deleted meanwhile, is of no more use: the connection is made anew.
        confirmed.ChannelShutdownAsync += (_, _) =>
        {
            _ = connection.AbortAsync(AbortMax);
            return Task.CompletedTask;
        };
        Volatile.Read(ref _channel).TrySetResult(confirmed);
    }

    private async Task PublishAnswersAsync()
    {
        await foreach (var (queue, properties, body) in _answers.Reader.ReadAllAsync())
        {
            try
            {
                var channel = Volatile.Read(ref _answerChannel) ?? throw new IOException("There is no connection.");
                await channel.BasicPublishAsync("", queue, mandatory: false, properties, body, _ending.Token);
            }
            catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
            {
                Interlocked.Increment(ref _repliesDropped);
            }
        }
    }

    private readonly record struct Answer(string Queue, BasicProperties Properties, ReadOnlyMemory<byte> Body);
}
