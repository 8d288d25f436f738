using System.Diagnostics.Metrics;
using FraudEngine.Engine;
using FraudEngine.Ingress.Feed;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Starts the feed from the broker's queues, logs what becomes of its connection and measures it.</summary>
internal static class FeedStart
{
    /// <summary>Null where no broker is given, or its transactions are not wanted. The caller says which shards are the node's: <see cref="QueueFeed.Own"/>.</summary>
    public static QueueFeed? Open(Options options, string name, DecisionEngine engine, Measures measures, ILogger log, TimeProvider clock)
    {
        if (options.Broker.Address is not { } broker || !options.Broker.Feed)
        {
            return null;
        }

        var address = options.Broker.ToString();
        var settings = new FeedSettings { DefaultCurrency = options.Ingress.DefaultCurrency, PrefetchMax = (ushort)options.Broker.PrefetchMax };
        var isTold = false;
        var feed = new QueueFeed(broker, name, settings, engine, clock)
        {
            Connected = () =>
            {
                Volatile.Write(ref isTold, false);
                log.FeedConnected(address);
            },
            Lost = () => log.FeedLost(address),
            Failed = reason =>
            {
                // Once per outage.
                if (!Interlocked.Exchange(ref isTold, true))
                {
                    log.FeedUnreachable(address, reason);
                }
            },
        };
        Measure(feed, measures);
        return feed;
    }

    private static void Measure(QueueFeed feed, Measures measures)
    {
        measures.Counter("feed_received", "Messages delivered from the queues", () => Each(feed, counts => counts.Received));
        measures.Counter("feed_redelivered", "Messages delivered again", () => Each(feed, counts => counts.Redelivered));
        measures.Counter("feed_acknowledged", "Messages that are done", () => Each(feed, counts => counts.Acknowledged));
        measures.Counter("feed_dead_lettered", "Messages that could not be decided", () => Each(feed, counts => counts.DeadLettered));
        measures.Counter("feed_set_back", "Transactions that could not be stored and come again", () => Each(feed, counts => counts.SetBack));
        measures.Counter("feed_replies_dropped", "Answers that senders asked for and did not get", () => [new(feed.RepliesDropped)]);
        measures.Gauge("feed_in_flight", "Messages taken from the queues and not yet done", () => feed.Counts.Sum(counts => counts.InFlight));
        measures.Gauge("feed_connected", "Whether the queues are being consumed", () => feed.IsConnected ? 1 : 0);
    }

    private static IEnumerable<Measurement<long>> Each(QueueFeed feed, Func<FeedCounts, long> read) =>
        feed.Counts.Select(counts => new Measurement<long>(read(counts), new KeyValuePair<string, object?>("queue", counts.Queue)));
}
