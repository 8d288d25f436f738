using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>What becomes of alerts when their message has ended: who waits again and until when, what is stored, what the breaker learns. Used by one loop.</summary>
internal sealed class DeliveryOutcomes(
    string channel, DeliverySettings settings, Lanes lanes, CircuitBreaker breaker, DeliveryWriter writer, ChannelStatus status, IDeliveryEvents events, Random random)
{
    private const string NotKept = "The journal does not keep the alert any more.";

    // Over this time what has failed before comes again when the receiver is back; and so long waits what could not even be read.
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    private readonly RetrySchedule _schedule = new(settings.FirstWait, settings.WaitMax, settings.GiveUpAfter);

    /// <param name="alerts">What was found of the message and was in it; at least one.</param>
    public void Succeed(LaneMessage message, IReadOnlyList<StoredAlert> alerts, long nowTicks)
    {
        var found = alerts.Select(static alert => alert.Position).ToHashSet();
        var first = AlertId.Of(alerts[0].Transaction);
        foreach (var item in message.Items.Where(item => found.Contains(item.Position)))
        {
            item.Attempts++;
            Store(item, item.Alert == first ? DeliveryState.Delivered : DeliveryState.Grouped, nowTicks, first, problem: null);
        }

        GiveUp([.. message.Items.Where(item => !found.Contains(item.Position))], NotKept, nowTicks);
        status.AddDelivered(found.Count);
        lanes.End(message, isDelivered: true, nowTicks);
        Close(nowTicks);
    }

    public void Fail(LaneMessage message, SendResult result, long nowTicks)
    {
        status.AddFailed();
        var chance = random.NextDouble();
        var waiting = new List<LaneItem>(message.Items.Count);
        foreach (var item in message.Items)
        {
            item.Attempts++;
            if (!result.IsPermanent && _schedule.NextTicks(item.Attempts, item.FirstTicks, nowTicks, result.RetryAfter, chance) is { } due)
            {
                // One message: all wait as long as its first.
                item.DueTicks = waiting.Count == 0 ? due : waiting[0].DueTicks;
                item.IsBackingOff = true;
                waiting.Add(item);
                Store(item, DeliveryState.Waiting, nowTicks, item.Alert, result.Problem);
            }
        }

        GiveUp([.. message.Items.Except(waiting)], result.Problem!, nowTicks);
        lanes.PutBack(message, waiting);
        if (!result.IsOfEndpoint)
        {
            Close(nowTicks);
        }
        else if (breaker.Fail(message.IsProbe, nowTicks))
        {
            events.Opened(channel, result.Problem!);
        }
    }

    /// <summary>Nothing of it is in the journal any more.</summary>
    public void Miss(LaneMessage message, long nowTicks)
    {
        GiveUp(message.Items, NotKept, nowTicks);
        lanes.End(message, isDelivered: false, nowTicks);
        Abandon(message, nowTicks);
    }

    /// <summary>Nothing was tried, so nothing is counted.</summary>
    /// <param name="isLater">Whether it waits a little.</param>
    public void PutBack(LaneMessage message, bool isLater, long nowTicks)
    {
        foreach (var item in message.Items)
        {
            item.DueTicks = isLater ? nowTicks + Shortly.Ticks : item.DueTicks;
        }

        lanes.PutBack(message, message.Items);
        Abandon(message, nowTicks);
    }

    /// <summary>Stores that an alert waits, so that the cursor gets past it.</summary>
    public void StoreWaiting(LaneItem item, long nowTicks) => Store(item, DeliveryState.Waiting, nowTicks, item.Alert, problem: null);

    private void GiveUp(IReadOnlyCollection<LaneItem> items, string problem, long nowTicks)
    {
        if (items.Count == 0)
        {
            return;
        }

        foreach (var item in items)
        {
            Store(item, DeliveryState.Dead, nowTicks, item.Alert, problem);
        }

        status.AddDead(items.Count);
        events.GaveUp(channel, items.Count, problem);
    }

    private void Store(LaneItem item, DeliveryState state, long nowTicks, AlertId message, string? problem)
    {
        var due = state == DeliveryState.Waiting ? item.DueTicks : 0;
        writer.Add(
            new Storage.Delivery(channel, item.Position, item.Alert, Encoding.UTF8.GetBytes(item.Account), state, item.Attempts, due, item.FirstTicks, nowTicks, message, problem),
            item);
    }

    private void Close(long nowTicks)
    {
        if (breaker.Succeed())
        {
            events.Closed(channel);
            lanes.Hurry(nowTicks, Shortly, random);
        }
    }

    private void Abandon(LaneMessage message, long nowTicks)
    {
        if (message.IsProbe)
        {
            breaker.Abandon(nowTicks);
        }
    }
}
