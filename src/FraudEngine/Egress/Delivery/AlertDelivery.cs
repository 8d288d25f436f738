using System.Collections.Concurrent;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>All channels by which this node may deliver alerts. Channels come and go while it runs.</summary>
internal sealed class AlertDelivery(IJournal journal, TimeProvider clock, Random random, IDeliveryEvents events) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ChannelDelivery> _channels = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public IEnumerable<ChannelDelivery> Channels => _channels.Values.OrderBy(static channel => channel.Channel.Name, StringComparer.Ordinal);

    /// <summary>
    /// Sees to it that a channel has a cursor: one that has none begins behind that position, and so gets no alerts of the time before it was there.
    /// </summary>
    public static async Task BeginAsync(IJournal journal, string channel, long newest)
    {
        if (await journal.ReadCursorAsync(channel) is null)
        {
            await journal.WriteDeliveriesAsync(channel, newest, []);
        }
    }

    /// <summary>Starts a channel, whose name no other has.</summary>
    public void Add(IAlertChannel channel, DeliverySettings settings) =>
        _channels[channel.Name] = new ChannelDelivery(channel, journal, settings, clock, random, events);

    /// <summary>Stops a channel. What waits for it stays in the store.</summary>
    public async Task RemoveAsync(string channel)
    {
        if (_channels.TryRemove(channel, out var removed))
        {
            await removed.DisposeAsync();
        }
    }

    public ChannelDelivery? Find(string channel) => _channels.GetValueOrDefault(channel);

    /// <summary>Perhaps there are new alerts. From any thread, at any rate.</summary>
    public void Wake()
    {
        foreach (var (_, channel) in _channels)
        {
            channel.Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Together: each may take its time.
        await Task.WhenAll(_channels.Keys.ToList().Select(RemoveAsync));
    }
}
