using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Messaging;
using RabbitMQ.Client;

namespace FraudEngine.Tests.Cluster;

/// <summary>Publishes transactions to the feed's exchange, as often as it takes until the broker has confirmed each.</summary>
internal sealed class FeedSender(Uri broker, SentBook book) : IAsyncDisposable
{
    private const int Slots = 256;
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>The feed's routing key of an account: the top bits of the hash by which it has its shard.</summary>
    public static string KeyOf(string accountId) =>
        Hash64.Bucket(Hash64.Of(Encoding.UTF8.GetBytes(accountId)), Slots).ToString(CultureInfo.InvariantCulture);

    /// <summary>Ends when all are confirmed.</summary>
    public async Task SendAsync(IReadOnlyList<Sent> transactions, CancellationToken stop)
    {
        foreach (var sent in transactions)
        {
            sent.IsOfFeed = true;
            book.Sending(sent);
        }

        var done = 0;
        while (done < transactions.Count && !stop.IsCancellationRequested)
        {
            try
            {
                var channel = await OpenAsync(stop);
                var confirms = transactions.Skip(done)
                    .Select(sent => channel.BasicPublishAsync(
                        "transactions", KeyOf(sent.AccountId), mandatory: false, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, Encoding.UTF8.GetBytes(sent.Line), stop).AsTask())
                    .ToList();

                // The first that fails is where the next attempt begins, so that an account's keep their order.
                foreach (var confirm in confirms)
                {
                    await confirm.WaitAsync(TimeSpan.FromSeconds(10), stop);
                    done++;
                }
            }
            catch (Exception reason) when (BrokerConnection.IsOfBroker(reason))
            {
                await DisposeAsync();
                if (!stop.IsCancellationRequested)
                {
                    book.Lost($"feed: {reason.GetType().Name} {reason.Message}");
                    await Task.Delay(100, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        var connection = _connection;
        _connection = null;
        _channel = null;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<IChannel> OpenAsync(CancellationToken stop)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await DisposeAsync();
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(5) };
        _connection = await factory.CreateConnectionAsync(stop);
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), stop);
        return _channel;
    }
}
