using System.Text;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>Reads what is stored of a channel.</summary>
internal sealed class StoredState(IJournal journal, string channel)
{
    private const int PageMax = 1000;

    /// <summary>The channel's cursor. One that never had one begins at the newest alert.</summary>
    public async Task<long> ReadCursorAsync()
    {
        if (await journal.ReadCursorAsync(channel) is { } stored)
        {
            return stored;
        }

        var newest = await journal.NewestAlertAsync();
        await journal.WriteDeliveriesAsync(channel, newest, []);
        return newest;
    }

    /// <summary>The positions behind the cursor of which a delivery is stored.</summary>
    public async Task<HashSet<long>> ReadPositionsAsync(long cursor)
    {
        HashSet<long> positions = [];
        await foreach (var delivery in ReadAllAsync(DeliveryState.None, cursor))
        {
            positions.Add(delivery.Position);
        }

        return positions;
    }

    /// <summary>What waits.</summary>
    public async IAsyncEnumerable<LaneItem> ReadWaitingAsync()
    {
        await foreach (var delivery in ReadAllAsync(DeliveryState.Waiting, 0))
        {
            yield return new LaneItem(Encoding.UTF8.GetString(delivery.AccountId), delivery.Position, delivery.Alert, delivery.FirstTicks)
            {
                DueTicks = delivery.DueTicks,
                Attempts = delivery.Attempts,
                IsBackingOff = delivery.Attempts > 0,
                Stored = Stored.Yes,
            };
        }
    }

    private async IAsyncEnumerable<Storage.Delivery> ReadAllAsync(DeliveryState state, long after)
    {
        IReadOnlyList<Storage.Delivery> page;
        do
        {
            page = await journal.ReadDeliveriesAsync(channel, state, after, PageMax);
            foreach (var delivery in page)
            {
                after = delivery.Position;
                yield return delivery;
            }
        }
        while (page.Count == PageMax);
    }
}
