using System.Collections.Concurrent;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>The messages of a channel that are under way. Begun and taken back by one loop, which is woken when one has ended.</summary>
internal sealed class DeliverySends(IAlertChannel channel, IJournal journal, WakeSignal signal)
{
    private readonly ConcurrentQueue<EndedSend> _ended = new();

    public int Count { get; private set; }

    public bool HasRoom => Count < channel.ConcurrencyMax;

    public void Begin(LaneMessage message, CancellationToken cancellation)
    {
        Count++;
        _ = RunAsync(message, cancellation);
    }

    public bool TryTakeEnded(out EndedSend ended)
    {
        if (!_ended.TryDequeue(out ended!))
        {
            return false;
        }

        Count--;
        return true;
    }

    private async Task RunAsync(LaneMessage message, CancellationToken cancellation)
    {
        var sending = SendAsync(message, cancellation);
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Enqueue(new EndedSend(message, sending));
        signal.Wake();
    }

    private async Task<Sent> SendAsync(LaneMessage message, CancellationToken cancellation)
    {
        IReadOnlyList<StoredAlert> alerts;
        try
        {
            alerts = await LaneContent.ReadAsync(journal, message);
        }
        catch (IOException reason)
        {
            return new Sent([], null, reason.Message);
        }

        var result = alerts.Count == 0 ? null : await channel.SendAsync(new AlertMessage(alerts, message.Items[0].Attempts + 1), cancellation);
        return new Sent(alerts, result, Unread: null);
    }
}

/// <param name="Sending">Completed: with what became of it, cancelled, or with a fault that nobody foresaw.</param>
internal sealed record EndedSend(LaneMessage Message, Task<Sent> Sending);

/// <param name="Alerts">What was found of the message.</param>
/// <param name="Result">Null where nothing was sent.</param>
/// <param name="Unread">Why the alerts could not be read now; null where they could.</param>
internal sealed record Sent(IReadOnlyList<StoredAlert> Alerts, SendResult? Result, string? Unread);
