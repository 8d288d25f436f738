using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FraudEngine.Ingress.Feed;

/// <summary>
/// The feed's exchanges and queues: their names, and which shard's transactions stand in which queue. A sender's routing key is a slot, a number from 0 to
/// 255 that is the same for all transactions of an account; each queue takes an equal part of the slots. Whatever has another key stands in one more queue.
/// </summary>
public static class TransactionQueues
{
    /// <summary>Where transactions are published.</summary>
    public const string Exchange = "transactions";

    /// <summary>The exchange and the queue of what has a routing key that is no slot.</summary>
    public const string Unrouted = "transactions.unrouted";

    /// <summary>The exchange and the queue of what can't be decided.</summary>
    public const string Dead = "transactions.dead";

    /// <summary>How many values a routing key has.</summary>
    public const int Slots = 256;

    // A queue that is always empty: its greatest length is the number of queues, and the broker refuses to declare it with another.
    private const string Pin = "transactions.queues";

    private const int PreconditionFailed = 406;

    /// <summary>How many queues there are for so many shards.</summary>
    public static int CountOf(int shards) => Math.Min(shards, Slots);

    /// <summary>The queue in which a shard's transactions stand, where senders choose slots as the documents say.</summary>
    public static string QueueOf(int shard, int shards) => NameOf((int)((long)shard * CountOf(shards) / shards));

    /// <summary>Makes what is not there yet. Throws <see cref="IOException"/> where the queues were made for another number of shards.</summary>
    public static async Task DeclareAsync(IConnection connection, int shards, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var queues = CountOf(shards);
        await PinAsync(channel, queues, cancellation);
        await DeclareDeadAsync(channel, cancellation);
        await channel.ExchangeDeclareAsync(Unrouted, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
        await DeclareConsumedAsync(channel, Unrouted, cancellation);
        await channel.QueueBindAsync(Unrouted, Unrouted, "", cancellationToken: cancellation);
        for (var queue = 0; queue < queues; queue++)
        {
            await DeclareConsumedAsync(channel, NameOf(queue), cancellation);
        }

        await channel.ExchangeDeclareAsync(
            Exchange, ExchangeType.Direct, durable: true, autoDelete: false,
            new Dictionary<string, object?> { ["alternate-exchange"] = Unrouted }, cancellationToken: cancellation);
        for (var slot = 0; slot < Slots; slot++)
        {
            // Without waiting for each: an error closes the channel, and the next that is waited for says so.
            await channel.QueueBindAsync(
                NameOf(slot * queues / Slots), Exchange, slot.ToString(CultureInfo.InvariantCulture), noWait: true, cancellationToken: cancellation);
        }

        await channel.ExchangeDeclarePassiveAsync(Exchange, cancellation);
        await channel.CloseAsync(cancellation);
    }

    /// <summary>Makes the exchange and the queue of dead letters, where they are not there.</summary>
    internal static async Task DeclareDeadAsync(IChannel channel, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(
            Dead, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
        await channel.QueueBindAsync(Dead, Dead, "", cancellationToken: cancellation);
    }

    private static string NameOf(int queue) => string.Create(CultureInfo.InvariantCulture, $"{Exchange}.{queue}");

    private static Task<QueueDeclareOk> DeclareConsumedAsync(IChannel channel, string queue, CancellationToken cancellation) => channel.QueueDeclareAsync(
        queue, durable: true, exclusive: false, autoDelete: false,
        new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-single-active-consumer"] = true,

            // A transaction is never dropped for being delivered often; newer brokers would after 20 times.
            ["x-delivery-limit"] = int.MaxValue,
        },
        cancellationToken: cancellation);

    private static async Task PinAsync(IChannel channel, int queues, CancellationToken cancellation)
    {
        try
        {
            await channel.QueueDeclareAsync(
                Pin, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = queues }, cancellationToken: cancellation);
        }
        catch (OperationInterruptedException reason) when (reason.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            throw new IOException(
                $"The broker's queues of transactions were made for another Engine:Shards than one that needs {queues} of them. Use another virtual host, or have "
                + $"what stands in the queues decided, and then delete them and the queue {Pin}.", reason);
        }
    }
}
