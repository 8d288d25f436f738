namespace FraudEngine.Egress.Delivery;

/// <summary>What waits for one account, in the order of the outbox. One message at a time is under way.</summary>
internal sealed class Lane(string account)
{
    private const long HourTicks = TimeSpan.TicksPerHour;

    private readonly LinkedList<LaneItem> _items = [];
    private Queue<long>? _hour;
    private long _lastTicks;
    private int _urgent;

    public string Account { get; } = account;

    /// <summary>What is under way; null where nothing is.</summary>
    public LaneMessage? Sent { get; private set; }

    /// <summary>Under which due time it stands in the queue of lanes.</summary>
    public long QueuedTicks { get; set; } = long.MaxValue;

    public IEnumerable<LaneItem> Items => _items;

    public LaneItem? First => _items.First?.Value;

    /// <summary>Whether nothing has to be remembered of it any more.</summary>
    public bool IsOver => Sent is null && _items.Count == 0 && _hour is null or { Count: 0 };

    public void Add(LaneItem item)
    {
        var before = _items.Last;
        while (before is not null && before.Value.Position > item.Position)
        {
            before = before.Previous;
        }

        // Not stored is which alerts are urgent. But what was to go out before the one in front of it, which has not failed, does not wait for the end of its quiet hours.
        item.IsUrgent |= before is { Value.IsBackingOff: false } && before.Value.DueTicks > item.DueTicks;
        _urgent += item.IsUrgent ? 1 : 0;
        if (before is null)
        {
            _items.AddFirst(item);
        }
        else
        {
            _items.AddAfter(before, item);
        }
    }

    /// <summary>When its next message is due; <see cref="long.MaxValue"/> where none is.</summary>
    public long DueTicks(Grouping grouping)
    {
        if (Sent is not null || (First is null && _hour is null or { Count: 0 }))
        {
            return long.MaxValue;
        }

        if (First is not { } first)
        {
            // Nothing to send: it is to be forgotten once the hour is over.
            return _lastTicks + HourTicks;
        }

        if (_urgent > 0 && grouping.AlertsMax > 1)
        {
            return Math.Min(first.DueTicks, _items.Where(static item => item.IsUrgent).Min(static item => item.DueTicks));
        }

        return _hour is not null && _hour.Count >= grouping.PerHourMax ? Math.Max(first.DueTicks, _hour.Peek() + HourTicks) : first.DueTicks;
    }

    /// <summary>Takes the next message out; null where nothing waits.</summary>
    public LaneMessage? Take(Grouping grouping, long nowTicks)
    {
        ForgetBefore(nowTicks - HourTicks);
        if (_items.Count == 0)
        {
            return null;
        }

        var isUrgent = _urgent > 0;
        var items = new List<LaneItem>(Math.Min(_items.Count, grouping.AlertsMax));
        while (items.Count < grouping.AlertsMax && First is { } item)
        {
            _urgent -= item.IsUrgent ? 1 : 0;
            items.Add(item);
            _items.RemoveFirst();
        }

        return Sent = new LaneMessage(this, items, isUrgent);
    }

    /// <summary>The message has arrived, or was given up.</summary>
    /// <param name="counts">Whether it counts against the hour's limit.</param>
    public void End(bool counts, long nowTicks)
    {
        Sent = null;
        if (counts)
        {
            // In order also where the clock is put back: else it would be time to forget them, and they would not be forgotten.
            _lastTicks = Math.Max(_lastTicks, nowTicks);
            (_hour ??= []).Enqueue(_lastTicks);
        }
    }

    private void ForgetBefore(long ticks)
    {
        while (_hour is { Count: > 0 } && _hour.Peek() <= ticks)
        {
            _hour.Dequeue();
        }
    }
}
