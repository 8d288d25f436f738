namespace TransactionFeed.Labels;

/// <summary>
/// Says when labels become known: each falls due some time after its transaction, and event time is cut into hours of UTC. Before the first transaction of an hour
/// all labels are taken that fall due before the hour's end: at most an hour early, never late, and the same ones whatever the speed. The engine's
/// <c>DueLabels</c>, by which features are computed, go by the same rule. Pure; memory is that of the labels that are not due.
/// </summary>
internal sealed class LabelSchedule(TimeSpan delay)
{
    private const long StepTicks = TimeSpan.TicksPerHour;

    private readonly PriorityQueue<DueLabel, (long DueTicks, long Number)> _waiting = new();
    private long _added;
    private long _stepEnd = long.MinValue;

    /// <summary>Labels that are not due.</summary>
    public int Count => _waiting.Count;

    /// <summary>The label of a transaction with that event time in UTC ticks becomes known.</summary>
    public void Add(long eventTicks, DueLabel label) => _waiting.Enqueue(label, (eventTicks + delay.Ticks, _added++));

    /// <summary>
    /// Takes the labels that are to be known before the next transaction is, in the order in which they fall due, and of being added where that is the same.
    /// A transaction that comes late takes none that its hour would not have: time does not go back.
    /// </summary>
    public IReadOnlyList<DueLabel> TakeDue(long nextEventTicks)
    {
        if (nextEventTicks >= _stepEnd)
        {
            _stepEnd = nextEventTicks - (nextEventTicks % StepTicks) + StepTicks;
        }

        return _waiting.TryPeek(out _, out var next) && next.DueTicks < _stepEnd ? Take(_stepEnd) : [];
    }

    /// <summary>Takes all that are left, due or not, in the same order.</summary>
    public IReadOnlyList<DueLabel> TakeRest() => Take(long.MaxValue);

    private List<DueLabel> Take(long before)
    {
        var due = new List<DueLabel>();
        while (_waiting.TryPeek(out var label, out var next) && next.DueTicks < before)
        {
            due.Add(label);
            _waiting.Dequeue();
        }

        return due;
    }
}
