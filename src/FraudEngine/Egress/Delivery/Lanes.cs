using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>
/// The lanes of all accounts for which something waits. It says what is due, in the order in which it became so, and never two messages of one account at a time.
/// Used by one loop.
/// </summary>
/// <param name="heldMax">Alerts whose content is kept.</param>
internal sealed class Lanes(Grouping grouping, int heldMax)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Lane, long> _due = new();

    /// <summary>Alerts that wait or are under way.</summary>
    public int Count { get; private set; }

    /// <summary>Alerts whose content is in memory.</summary>
    public int Held { get; private set; }

    /// <summary>When the next message is due, or something is to be forgotten, in UTC ticks; <see cref="long.MaxValue"/> where nothing is.</summary>
    public long NextTicks
    {
        get
        {
            DropStale();
            return _due.TryPeek(out _, out var due) ? due : long.MaxValue;
        }
    }

    /// <summary>When the oldest alert was raised that waits or is under way, in UTC ticks; 0 where there is none. Goes through all lanes.</summary>
    public long OldestTicks => _lanes.Values.Select(static lane => (lane.Sent?.Items[0] ?? lane.First)?.RaisedTicks ?? long.MaxValue).DefaultIfEmpty(0).Min() is var oldest and < long.MaxValue ? oldest : 0;

    /// <summary>The positions of all alerts that wait or are under way.</summary>
    public HashSet<long> Positions() =>
        [.. _lanes.Values.SelectMany(static lane => lane.Items.Concat(lane.Sent?.Items ?? [])).Select(static item => item.Position)];

    /// <param name="content">Kept where there is room, and it can go out soon.</param>
    public void Add(LaneItem item, StoredAlert? content)
    {
        if (!_lanes.TryGetValue(item.Account, out var lane))
        {
            _lanes.Add(item.Account, lane = new Lane(item.Account));
        }

        if (content is not null && Held < heldMax && lane.First is not { IsBackingOff: true })
        {
            item.Content = content;
            Held++;
        }

        lane.Add(item);
        Count++;
        Queue(lane);
    }

    /// <summary>The next message that is due; null where none is.</summary>
    public LaneMessage? Take(long nowTicks)
    {
        while (true)
        {
            DropStale();
            if (!_due.TryPeek(out var lane, out var due) || due > nowTicks)
            {
                return null;
            }

            _due.Dequeue();
            lane.QueuedTicks = long.MaxValue;
            if (lane.Take(grouping, nowTicks) is { } message)
            {
                return message;
            }

            Forget(lane);
        }
    }

    /// <summary>The next message that is due, or else the one whose turn is next after a failure; null where there is none.</summary>
    public LaneMessage? TakeProbe(long nowTicks)
    {
        if (Take(nowTicks) is { } due)
        {
            return due with { IsProbe = true };
        }

        var next = _lanes.Values.Where(static lane => lane is { Sent: null, First.IsBackingOff: true }).MinBy(static lane => lane.First!.DueTicks);
        if (next is not null)
        {
            next.QueuedTicks = long.MaxValue;
        }

        return next?.Take(grouping, nowTicks) is { } message ? message with { IsProbe = true } : null;
    }

    /// <summary>A message has arrived, or was given up: its alerts are gone.</summary>
    public void End(LaneMessage message, bool isDelivered, long nowTicks)
    {
        Count -= message.Items.Count;
        ReleaseContent(message.Items);
        message.Lane.End(isDelivered && !message.IsUrgent && grouping.PerHourMax < int.MaxValue, nowTicks);
        Queue(message.Lane);
    }

    /// <summary>Some alerts of a message wait again; the others are gone.</summary>
    /// <param name="waiting">With their new due times.</param>
    public void PutBack(LaneMessage message, IReadOnlyCollection<LaneItem> waiting)
    {
        Count -= message.Items.Count - waiting.Count;
        ReleaseContent(message.Items);
        message.Lane.End(counts: false, nowTicks: 0);
        foreach (var item in waiting)
        {
            message.Lane.Add(item);
        }

        if (message.Lane.First is { IsBackingOff: true })
        {
            // They wait behind it, perhaps for long.
            ReleaseContent(message.Lane.Items);
        }

        Queue(message.Lane);
    }

    /// <summary>What waits because an attempt has failed is due soon: the receiver is there again.</summary>
    /// <param name="spread">Over which time, so that not all come at once.</param>
    public void Hurry(long nowTicks, TimeSpan spread, Random random)
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane is { Sent: null, First: { IsBackingOff: true } first })
            {
                first.DueTicks = Math.Min(first.DueTicks, nowTicks + (long)(spread.Ticks * random.NextDouble()));
                Queue(lane);
            }
        }
    }

    /// <summary>The clock was put back: what was due stays so.</summary>
    public void PutClockBack(long fromTicks, long toTicks)
    {
        foreach (var lane in _lanes.Values)
        {
            foreach (var item in lane.Items.Where(item => item.DueTicks > toTicks && item.DueTicks <= fromTicks))
            {
                item.DueTicks = toTicks;
            }

            Queue(lane);
        }
    }

    private void ReleaseContent(IEnumerable<LaneItem> items)
    {
        foreach (var item in items)
        {
            Held -= item.Content is null ? 0 : 1;
            item.Content = null;
        }
    }

    private void Queue(Lane lane)
    {
        var due = lane.DueTicks(grouping);
        if (due == lane.QueuedTicks)
        {
            return;
        }

        lane.QueuedTicks = due;
        if (due < long.MaxValue)
        {
            _due.Enqueue(lane, due);
        }
        else
        {
            Forget(lane);
        }
    }

    private void Forget(Lane lane)
    {
        if (lane.IsOver)
        {
            _lanes.Remove(lane.Account);
        }
        else if (lane.Sent is null && lane.QueuedTicks == long.MaxValue && lane.DueTicks(grouping) < long.MaxValue)
        {
            Queue(lane);
        }
    }

    /// <summary>A lane whose due time has changed stands in the queue more than once; only one of the places counts.</summary>
    private void DropStale()
    {
        while (_due.TryPeek(out var lane, out var due) && lane.QueuedTicks != due)
        {
            _due.Dequeue();
        }
    }
}
