using FraudEngine.Messaging;
using RabbitMQ.Client;

namespace FraudEngine.Ingress.Feed;

/// <summary>The consumers of one connection. All but <see cref="Abandon"/> is called by one task.</summary>
internal sealed class FeedSession(
    IConnection connection, Func<IConnection, string, Task<QueueConsumer>> open, TimeSpan retryAfter, TimeProvider clock, Action changed)
{
    private static readonly TimeSpan AbortMax = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, QueueConsumer> _consumers = [];
    private readonly Dictionary<string, Task<QueueConsumer>> _opening = [];
    private readonly Dictionary<string, Task> _closing = [];
    private volatile bool _isAbandoned;

    /// <summary>
    /// Begins to consume what is wanted and is not consumed, and ends what is not wanted, without waiting for either: a queue without a leader, as after a
    /// broker was killed, takes long, and the others are not to wait for it. Throws where a queue can't be consumed.
    /// </summary>
    public async Task ConsumeAsync(IReadOnlyCollection<string> wanted)
    {
        foreach (var (queue, opening) in _opening.Where(opening => opening.Value.IsCompleted).ToList())
        {
            _opening.Remove(queue);
            _consumers.Add(queue, await opening);
        }

        foreach (var ended in _closing.Where(closing => closing.Value.IsCompleted).Select(closing => closing.Key).ToList())
        {
            _closing.Remove(ended);
        }

        foreach (var consumer in _consumers.Values.Where(consumer => consumer.IsSetBack || !wanted.Contains(consumer.Queue)).ToList())
        {
            _consumers.Remove(consumer.Queue);
            _closing.Add(consumer.Queue, CloseAsync(consumer));
        }

        if (_consumers.Values.Any(consumer => consumer.IsGone))
        {
            // The queue may be gone, so the queues are declared anew.
            await BreakAsync();
            return;
        }

        foreach (var queue in wanted.Where(queue => !_consumers.ContainsKey(queue) && !_opening.ContainsKey(queue) && !_closing.ContainsKey(queue)))
        {
            if (_isAbandoned)
            {
                return;
            }

            _opening.Add(queue, OpenAsync(queue));
        }
    }

    /// <summary>Ends all, and waits for what is under way.</summary>
    public async Task StopAsync(TimeSpan waitMax, TimeProvider time)
    {
        foreach (var consumer in _consumers.Values)
        {
            consumer.Pause();
        }

        var drained = Task.WhenAll([.. _consumers.Values.Select(consumer => consumer.Drained), .. _closing.Values]);
        await Task.WhenAny(drained, Task.Delay(waitMax, time));
    }

    /// <summary>The connection is gone.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Gives the connection up, so that all is set up anew.</summary>
    public Task BreakAsync() => connection.AbortAsync(AbortMax);

    private async Task<QueueConsumer> OpenAsync(string queue)
    {
        try
        {
            var consumer = await open(connection, queue);
            consumer.Ended = changed;
            await consumer.StartAsync();
            return consumer;
        }
        finally
        {
            // Told from elsewhere, so that this task is completed by then.
            _ = Task.Run(changed);
        }
    }

    /// <summary>What the consumer was given and did not take goes back to its place in the queue when the channel closes.</summary>
    private async Task CloseAsync(QueueConsumer consumer)
    {
        consumer.Pause();
        await consumer.Drained;
        try
        {
            await consumer.Channel.CloseAsync();
            await consumer.Channel.DisposeAsync();
        }
        catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
        {
            // Then it is closed.
        }

        if (consumer.IsSetBack)
        {
            await Task.Delay(retryAfter, clock);
        }

        changed();
    }
}
