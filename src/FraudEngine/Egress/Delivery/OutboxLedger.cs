namespace FraudEngine.Egress.Delivery;

/// <summary>
/// What was read of the outbox and is not yet stored as a delivery, in the order of positions: so it says how far the channel's cursor may go. Used by one loop.
/// </summary>
/// <param name="cursor">The stored one.</param>
internal sealed class OutboxLedger(long cursor)
{
    private readonly Queue<LaneItem> _unstored = new();

    /// <summary>The position up to which the outbox was read.</summary>
    public long ReadTo { get; private set; } = cursor;

    /// <summary>Of what was read, the position up to which all that is for the channel is stored.</summary>
    public long Cursor
    {
        get
        {
            while (_unstored.TryPeek(out var first) && first.Stored == Stored.Yes)
            {
                _unstored.Dequeue();
            }

            return _unstored.TryPeek(out var next) ? next.Position - 1 : ReadTo;
        }
    }

    /// <summary>Whether everything read is stored.</summary>
    public bool IsEmpty => _unstored.Count == 0;

    /// <summary>An alert was read that is for the channel.</summary>
    public void Add(LaneItem item) => _unstored.Enqueue(item);

    /// <summary>The outbox was read up to here.</summary>
    public void Pass(long position) => ReadTo = position;

    /// <summary>The oldest ones taken up before a time of which no delivery is stored or about to be.</summary>
    public IReadOnlyList<LaneItem> TakenUpBefore(long ticks, int max) =>
        [.. _unstored.TakeWhile(item => item.FirstTicks <= ticks).Where(static item => item.Stored == Stored.None).Take(max)];
}
