using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>
/// The newest alerts in memory while anybody waits for them, and who does. What is not kept here is read from the outbox, so a subscriber that comes first, falls
/// behind, or comes back after a restart, misses nothing.
/// </summary>
public sealed class AlertFeed
{
    /// <summary>Beats until each subscriber was woken once.</summary>
    public const int BeatsPerRound = 30;

    private const int KeptMax = 4096;

    private readonly IJournal _journal;
    private readonly Lock _gate = new();
    private readonly AlertFrame?[] _ring = new AlertFrame?[KeptMax];
    private readonly AlertSubscribers _subscribers;
    private long _kept;
    private long _raised;
    private long _floor;

    /// <param name="newestStored">The newest alert in the outbox before the engine decides anything.</param>
    /// <param name="subscribersMax">Clients that may listen at a time; more are refused.</param>
    public AlertFeed(IJournal journal, long newestStored, int subscribersMax)
    {
        _journal = journal;
        _subscribers = new AlertSubscribers(subscribersMax);
        _floor = newestStored;
        Newest = newestStored;
    }

    /// <summary>The position of the newest alert.</summary>
    public long Newest { get; private set; }

    /// <summary>Alerts raised since the start.</summary>
    public long Raised => Volatile.Read(ref _raised);

    public int Subscribers => _subscribers.Count;

    /// <summary>Called with each alert; must return at once.</summary>
    internal Action? Published { get; set; }

    /// <summary>Takes an alert that is durable and wakes those who wait for it.</summary>
    public void Publish(long position, Transaction transaction, Decision decision)
    {
        // Where nobody listens, none is rendered: who comes then finds it in the outbox.
        var frame = _subscribers.Count == 0 ? null : AlertFrame.Of(position, transaction, decision, _journal.Catalog);
        lock (_gate)
        {
            Keep(frame, position);
            _raised++;
            Newest = position;
        }

        if (frame is not null)
        {
            _subscribers.Wake(frame.AccountId);
        }

        Published?.Invoke();
    }

    /// <summary>
    /// Wakes the next part of the subscribers, so that each shows that it is alive and finds out whether its client is. Only a part at a time: ten
    /// thousand at once would need ten thousand buffers.
    /// </summary>
    public void Beat() => _subscribers.Beat();

    /// <summary>Adds a subscriber; false where there are as many as there may be.</summary>
    internal bool TryAdd(AlertSubscriber subscriber) => _subscribers.TryAdd(subscriber);

    internal void Remove(AlertSubscriber subscriber) => _subscribers.Remove(subscriber);

    /// <summary>The alerts after a position, oldest first, of one account or of all; and the position up to which there are no others.</summary>
    internal async ValueTask<(IReadOnlyList<AlertFrame> Frames, long UpTo)> ReadAfterAsync(long position, string? accountId, int max)
    {
        long floor;
        lock (_gate)
        {
            floor = _floor;
            if (position >= floor)
            {
                return ReadKept(position, accountId, max);
            }
        }

        var stored = await _journal.ReadAlertsAsync(accountId is null ? null : System.Text.Encoding.UTF8.GetBytes(accountId), position, max);
        await _journal.KnowAsync(stored.Select(static alert => alert.Decision));
        var frames = stored.Select(alert => AlertFrame.Of(alert.Position, alert.Transaction, alert.Decision, _journal.Catalog)).ToList();
        if (frames.Count > 0)
        {
            return (frames, frames[^1].Position);
        }

        // Nothing was stored after it when the outbox was read, and all up to the floor was stored by then.
        return (frames, Math.Max(position, floor));
    }

    private void Keep(AlertFrame? frame, long position)
    {
        if (frame is null)
        {
            _floor = position;
            if (_kept > 0)
            {
                Array.Clear(_ring);
                _kept = 0;
            }

            return;
        }

        ref var slot = ref _ring[_kept % KeptMax];
        if (slot is not null)
        {
            _floor = slot.Position;
        }

        slot = frame;
        _kept++;
    }

    private (IReadOnlyList<AlertFrame> Frames, long UpTo) ReadKept(long position, string? accountId, int max)
    {
        List<AlertFrame> frames = [];
        var upTo = position;

        // From the newest backwards: a subscriber that keeps up wants the last few of thousands.
        var from = _kept;
        while (from > Math.Max(0, _kept - KeptMax) && _ring[(from - 1) % KeptMax]!.Position > position)
        {
            from--;
        }

        for (; from < _kept && frames.Count < max; from++)
        {
            var frame = _ring[from % KeptMax]!;
            upTo = frame.Position;
            if (accountId is null || frame.AccountId == accountId)
            {
                frames.Add(frame);
            }
        }

        return (frames, upTo);
    }
}
