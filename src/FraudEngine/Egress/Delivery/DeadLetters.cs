using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>Alerts that a channel has given up, and how they get another chance.</summary>
internal sealed class DeadLetters(IJournal journal, AlertDelivery delivery, TimeProvider clock)
{
    /// <summary>How many at most are sent again at a time, so that what waits stays bounded.</summary>
    public const int ResendMax = 10_000;

    private const int PageMax = 1000;

    /// <summary>Those behind a position of the outbox, in its order.</summary>
    public Task<IReadOnlyList<Storage.Delivery>> ReadAsync(string channel, long after, int max) => journal.ReadDeliveriesAsync(channel, DeliveryState.Dead, after, max);

    /// <summary>Makes one wait again, due now. False where it is no dead letter of the channel.</summary>
    public async Task<bool> ResendAsync(string channel, AlertId alert)
    {
        var dead = (await journal.ReadDeliveriesOfAsync(alert)).FirstOrDefault(found => found.Channel == channel && found.State == DeliveryState.Dead);
        if (dead is null)
        {
            return false;
        }

        await WriteAsync(channel, [dead]);
        await TellAsync(channel);
        return true;
    }

    /// <summary>Makes all wait again, due now, up to <see cref="ResendMax"/> and as many as there is room for among what waits. Returns how many.</summary>
    public async Task<int> ResendAllAsync(string channel, DeliverySettings settings)
    {
        var waiting = (await journal.CountDeliveriesAsync(channel)).GetValueOrDefault(DeliveryState.Waiting);
        var room = (int)Math.Clamp(settings.PendingMax - waiting, 0, ResendMax);
        var count = 0;
        while (count < room)
        {
            // From the beginning each time: what was made to wait is not among them any more.
            var page = await ReadAsync(channel, 0, Math.Min(PageMax, room - count));
            if (page.Count == 0)
            {
                break;
            }

            await WriteAsync(channel, page);
            count += page.Count;
        }

        if (count > 0)
        {
            await TellAsync(channel);
        }

        return count;
    }

    private async Task WriteAsync(string channel, IReadOnlyList<Storage.Delivery> dead)
    {
        var now = clock.GetUtcNow().UtcTicks;

        // The cursor that the delivering node writes meanwhile may be newer. With an older one it reads some alerts again, and sees that they are stored.
        var cursor = await journal.ReadCursorAsync(channel) ?? 0;
        await journal.WriteDeliveriesAsync(
            channel, cursor,
            [.. dead.Select(letter => letter with { State = DeliveryState.Waiting, Attempts = 0, DueTicks = now, FirstTicks = now, UpdatedTicks = now, Problem = null })]);
    }

    /// <summary>Lets the delivering node know, which may be another.</summary>
    private async Task TellAsync(string channel)
    {
        await journal.WriteSettingAsync(ChannelNews.ResendSettingOf(channel), clock.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture));
        delivery.Find(channel)?.WakeForResend();
    }
}
