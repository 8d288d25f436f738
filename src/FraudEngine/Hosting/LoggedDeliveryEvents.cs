using System.Collections.Concurrent;
using FraudEngine.Egress.Delivery;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Logs what becomes of the channels by which alerts go out.</summary>
internal sealed class LoggedDeliveryEvents(ILogger log, TimeProvider clock) : IDeliveryEvents
{
    // A receiver that refuses every alert would fill the log.
    private static readonly TimeSpan DeadEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, DeadCount> _dead = new(StringComparer.Ordinal);

    public void Taken(string channel) => log.ChannelTaken(channel);

    public void Lost(string channel) => log.ChannelLost(channel);

    public void Opened(string channel, string problem) => log.ChannelFailing(channel, problem);

    public void Closed(string channel) => log.ChannelWorks(channel);

    public void Interrupted(string channel, string reason) => log.ChannelInterrupted(channel, reason);

    public void SendingFaulted(string channel, Exception reason) => log.SendingFaulted(channel, reason);

    public void Restarted(string channel, Exception reason) => log.ChannelRestarted(channel, reason);

    public void GaveUp(string channel, int alerts, string problem)
    {
        var count = _dead.GetOrAdd(channel, static _ => new DeadCount());
        lock (count)
        {
            count.Untold += alerts;
            var now = clock.GetUtcNow();
            if (now - count.ToldAt >= DeadEvery)
            {
                log.AlertsGivenUp(channel, count.Untold, problem);
                (count.Untold, count.ToldAt) = (0, now);
            }
        }
    }

    private sealed class DeadCount
    {
        public int Untold { get; set; }

        public DateTimeOffset ToldAt { get; set; } = DateTimeOffset.MinValue;
    }
}
