using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Messaging;
using RabbitMQ.Client;

namespace FraudEngine.Ingress.Feed;

/// <summary>
/// Consumes one queue over a channel of its own: hands its transactions to the engine in the order of delivery and acknowledges them once they are answered.
/// It ends by taking nothing more, waiting for what is under way, and only then closing the channel. Were it cancelled first, the broker would go on with the
/// queue's next consumer at once, ahead of what is under way here.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of cancellation holds nothing but memory, and the last answers come when the channel is long gone.")]
internal sealed class QueueConsumer : AsyncDefaultBasicConsumer
{
    /// <summary>So long a queue may take to have a leader.</summary>
    private static readonly TimeSpan LeaderMax = TimeSpan.FromMinutes(1);

    private readonly DecisionEngine _engine;
    private readonly FeedPublisher _publisher;
    private readonly FeedSettings _settings;
    private readonly FeedCounts _counts;
    private readonly TransactionReader _reader;
    private readonly FeedWindow _window;
    private readonly AsyncSignal _changed = new();
    private readonly ConcurrentQueue<FeedMessage> _refused = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QueueConsumer(IChannel channel, FeedCounts counts, DecisionEngine engine, FeedPublisher publisher, FeedSettings settings)
        : base(channel)
    {
        _counts = counts;
        _engine = engine;
        _publisher = publisher;
        _settings = settings;
        _reader = new TransactionReader(System.Text.Encoding.ASCII.GetBytes(settings.DefaultCurrency));
        _window = new FeedWindow(settings.PrefetchMax);
        counts.InFlightOf = () => _window.Count;
    }

    /// <summary>The channel does not work any more, or a transaction could not be stored: the queue is to be consumed anew. May be told more than once.</summary>
    public Action? Ended { get; set; }

    public string Queue => _counts.Queue;

    /// <summary>Whether a transaction could not be stored.</summary>
    public bool IsSetBack { get; private set; }

    /// <summary>Whether the channel does not work any more, or the broker has ended the consumer.</summary>
    public bool IsGone => _gone.IsCancellationRequested;

    /// <summary>Ends when nothing is under way after <see cref="Pause"/>, or when the channel is gone.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Ends when the broker delivers to it. Throws the client's exceptions.</summary>
    public async Task StartAsync()
    {
        Channel.ContinuationTimeout = LeaderMax;
        Channel.ChannelShutdownAsync += (_, _) =>
        {
            Abandon();
            return Task.CompletedTask;
        };
        await Channel.BasicQosAsync(0, _settings.PrefetchMax, global: false);
        _ = AcknowledgeAsync();
        await Channel.BasicConsumeAsync(Queue, autoAck: false, this);
    }

    /// <summary>Takes nothing in any more.</summary>
    public void Pause()
    {
        _window.Pause();
        _changed.Set();
    }

    /// <summary>The channel is gone: what is not acknowledged is delivered again, to whoever consumes the queue then.</summary>
    public void Abandon()
    {
        _window.Pause();
        _gone.Cancel();
        _drained.TrySetResult();
        _changed.Set();
        Ended?.Invoke();
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        if (_window.IsPaused)
        {
            return;
        }

        _counts.CountReceived(redelivered);
        var message = _window.TakeSpare() ?? new FeedMessage(this);
        message.Take(deliveryTag, routingKey, properties, body.Span);
        message.Problem = Read(message);
        if (message.Problem is not null)
        {
            if (_window.TryAdd(message))
            {
                _ = DeadLetterAsync(message);
            }

            return;
        }

        if (!_engine.Admission.TryEnter() && !await EnterAsync())
        {
            return;
        }

        if (_window.TryAdd(message))
        {
            _engine.Submit(message.Envelope);
        }
        else
        {
            _engine.Admission.Leave(1);
        }
    }

    /// <summary>The broker ended the consumer, as when its queue is deleted.</summary>
    public override async Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        await base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        Abandon();
    }

    /// <summary>The engine has answered. Called on its release loop.</summary>
    public void Answered(FeedMessage message)
    {
        switch (message.Envelope.Refusal)
        {
            case Refusal.None:
                message.Settle();
                break;
            case Refusal.Unavailable:
                SetBack(message);
                break;
            case Refusal.TooFarAhead or Refusal.IdReused or Refusal.TooLate or Refusal.Poison:
                _refused.Enqueue(message);
                break;
        }

        _changed.Set();
    }

    private Problem? Read(FeedMessage message) =>
        message.BytesInAll > TransactionReader.TextBytesMax ? Problem.TooLarge
        : message.BytesInAll == 0 ? Problem.Empty
        : !_reader.TryRead(message.Text.Span, message.Envelope.Transaction) ? Problem.Of(_reader.Problems)
        : _engine.IsTooFarAhead(message.Envelope.Transaction) ? Problem.Of(Refusal.TooFarAhead)
        : null;

    private async ValueTask<bool> EnterAsync()
    {
        try
        {
            return await _engine.Admission.EnterAsync(Timeout.InfiniteTimeSpan, _gone.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// It stays unacknowledged, and the queue is consumed anew after a while: then it comes again, and whatever follows it comes after it.
    /// </summary>
    private void SetBack(FeedMessage message)
    {
        message.SetBack();
        _counts.CountSetBack();
        _window.Pause();
        if (!IsSetBack)
        {
            IsSetBack = true;
            Ended?.Invoke();
        }
    }

    private async Task DeadLetterAsync(FeedMessage message)
    {
        try
        {
            await _publisher.DeadLetterAsync(message, Queue, _gone.Token);
            _counts.CountDeadLettered();
            message.Settle();
            _changed.Set();
        }
        catch (OperationCanceledException)
        {
            // The channel is gone: it is delivered again.
        }
    }

    private async Task AcknowledgeAsync()
    {
        var settled = new List<FeedMessage>();
        try
        {
            while (!_window.IsDrained)
            {
                await _changed.WaitAsync();
                if (_gone.IsCancellationRequested)
                {
                    break;
                }

                while (_refused.TryDequeue(out var refused))
                {
                    refused.Problem = Problem.Of(refused.Envelope.Refusal);
                    _ = DeadLetterAsync(refused);
                }

                while (_window.TakeSettled(settled, out var isPrefix))
                {
                    await AcknowledgeAsync(settled, isPrefix);
                }
            }
        }
        catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
        {
            Abandon();
        }

        _drained.TrySetResult();
    }

    private async Task AcknowledgeAsync(List<FeedMessage> settled, bool isPrefix)
    {
        foreach (var message in settled)
        {
            _publisher.Reply(message, _engine.Catalog);
        }

        if (isPrefix)
        {
            await Channel.BasicAckAsync(settled[^1].Tag, multiple: true);
        }
        else
        {
            foreach (var message in settled)
            {
                await Channel.BasicAckAsync(message.Tag, multiple: false);
            }
        }

        _counts.CountAcknowledged(settled.Count);
        _window.Return(settled);
    }
}
