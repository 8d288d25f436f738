namespace FraudEngine.Engine.Visiting;

/// <summary>
/// The visits of one shard's accounts in the order in which they were sent, so that those that take too long are found. A timer runs only while there are any.
/// Called only from the turn loop.
/// </summary>
internal sealed class VisitDeadlines(TimeProvider clock, TimeSpan timeout, Action wake)
{
    private readonly Queue<VisitTicket> _sent = new();
    private ITimer? _timer;
    private bool _isArmed;

    public void Add(Visit visit)
    {
        visit.Ticket = new VisitTicket(visit, clock.GetTimestamp());
        DropSettled();
        _sent.Enqueue(visit.Ticket);
        Arm(timeout);
    }

    /// <summary>Takes a visit that is overdue; null where none is, and then the timer is set for the next.</summary>
    public Visit? TakeOverdue()
    {
        _isArmed = false;
        DropSettled();
        if (!_sent.TryPeek(out var oldest))
        {
            return null;
        }

        var left = timeout - clock.GetElapsedTime(oldest.SentAt);
        if (left > TimeSpan.Zero)
        {
            Arm(left);
            return null;
        }

        _sent.Dequeue();
        return oldest.Visit;
    }

    public void Clear() => _sent.Clear();

    private void DropSettled()
    {
        while (_sent.TryPeek(out var oldest) && oldest.Visit is null)
        {
            _sent.Dequeue();
        }
    }

    private void Arm(TimeSpan due)
    {
        if (!_isArmed)
        {
            _isArmed = true;
            _timer ??= clock.CreateTimer(static wake => ((Action)wake!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>A shard's message to itself: some visits may be overdue.</summary>
internal sealed class VisitsDue : ShardMessage
{
    public static VisitsDue Message { get; } = new();
}
