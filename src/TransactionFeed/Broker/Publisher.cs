using RabbitMQ.Client.Exceptions;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Replay;

namespace TransactionFeed.Broker;

/// <summary>
/// Publishes a source's transactions to the broker over one connection after the other, all in the order of the source. After a lost connection, what was not
/// confirmed is published again, in its order and before the rest: ids make that safe.
/// </summary>
internal sealed class Publisher(BrokerAddress broker, ReplaySettings settings, TimeProvider time)
{
    private const int UnconfirmedMax = 8_192;
    private const long UnconfirmedBytesMax = 64 * 1024 * 1024;

    private readonly UnconfirmedTail _tail = new(UnconfirmedMax, UnconfirmedBytesMax);
    private readonly PublishTally _tally = new();
    private readonly EventPace? _pace = settings.Speed is { } speed ? new EventPace(speed, time) : null;
    private TransactionRecord? _next;
    private long _read;
    private bool _isAtEnd;

    public PublishCounts Counts => _tally.Snapshot();

    /// <summary>A wrong address or a broker without the engine's queues is to be said at once, not after all retries.</summary>
    public async Task CheckReachableAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await PublisherConnection.OpenAsync(broker, _tail, _tally, settings.AnswerTimeout, time, stop);
        }
        catch (Exception e) when (IsOfBroker(e) && !stop.IsCancellationRequested)
        {
            throw FeedException.Usage($"{broker} can't be used: {Sentence(e)} Is the broker running, and are user and password right{(broker.ToString().StartsWith("amqps", StringComparison.Ordinal) ? ", and is its certificate known here, or to --ca" : "")}?");
        }
    }

    /// <summary>Runs to the end of the source, or until stopped or given up; what was reached is in <see cref="Counts"/> either way.</summary>
    public async Task<ReplayEnd> RunAsync(IRecordSource source, CancellationToken stop)
    {
        var backoff = new Backoff(settings.GiveUpAfter, time);
        while (true)
        {
            var before = _tally.Confirmed;
            try
            {
                await PublishAsync(source, stop);
                return ReplayEnd.Complete;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ReplayEnd.Interrupted;
            }
            catch (Exception e) when (IsOfBroker(e))
            {
                if (_tally.Confirmed > before)
                {
                    backoff.Reset();
                }

                var wait = backoff.AfterFailure(asked: null)
                    ?? throw FeedException.Failed(FormattableString.Invariant($"Given up after {settings.GiveUpAfter.TotalSeconds:0.#} s without a confirm from {broker}. {Sentence(e)}"));
                _tally.CountRetry();
                try
                {
                    await Task.Delay(wait, time, stop);
                }
                catch (OperationCanceledException)
                {
                    return ReplayEnd.Interrupted;
                }
            }
        }
    }

    private async Task PublishAsync(IRecordSource source, CancellationToken stop)
    {
        await using var connection = await PublisherConnection.OpenAsync(broker, _tail, _tally, settings.AnswerTimeout, time, stop);
        foreach (var record in _tail.Rewind())
        {
            await connection.PublishAsync(record);
        }

        while (await NextAsync(source, stop) is { } record)
        {
            while (!_tail.TryAdd(record))
            {
                await connection.WaitForConfirmAsync();
            }

            // From here on the record is the tail's: where publishing it fails, it is published again from there.
            _next = null;
            await connection.PublishAsync(record);
        }

        while (_tail.Count > 0)
        {
            await connection.WaitForConfirmAsync();
        }
    }

    private async ValueTask<TransactionRecord?> NextAsync(IRecordSource source, CancellationToken stop)
    {
        while (_next is null && !_isAtEnd)
        {
            if (_read == settings.Limit || await source.ReadAsync(stop) is not { } record)
            {
                _isAtEnd = true;
                break;
            }

            _read++;
            _tally.CountRead();
            if (_pace is not null)
            {
                await _pace.WaitAsync(record.EventTicks, stop);
            }

            if (record.Problem is { } problem)
            {
                _tally.CountUnsendable(problem);
            }
            else
            {
                _next = record;
            }
        }

        return _next;
    }

    private static bool IsOfBroker(Exception e) =>
        e is RabbitMQClientException or BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException
            or OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException
            or System.Security.Authentication.AuthenticationException or System.Threading.Channels.ChannelClosedException;

    private static string Sentence(Exception e)
    {
        while (e is BrokerUnreachableException or AggregateException && e.InnerException is { } inner)
        {
            e = inner;
        }

        var message = e.Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
