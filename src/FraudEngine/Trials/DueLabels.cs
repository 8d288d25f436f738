using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Trials;

/// <summary>
/// Labels that are not known yet: each becomes known some time after its transaction. As a replay sends them: those that fall due within an hour (of UTC) are
/// known before the hour's first transaction, so at most an hour early and never late.
/// </summary>
public sealed class DueLabels(TimeSpan delay)
{
    private readonly PriorityQueue<(string Account, TransactionLabelled Label), (long Due, long Order)> _waiting = new();
    private long _order;
    private long _hourEnd = long.MinValue;

    public int Count => _waiting.Count;

    /// <summary>A transaction that was decided will turn out to be fraud.</summary>
    /// <param name="sequence">The account's own number for it.</param>
    public void AddFraud(string account, Transaction transaction, long sequence)
    {
        var label = new TransactionLabelled();
        label.Label(transaction, sequence, isFraud: true);
        _waiting.Enqueue((account, label), (label.TimestampTicks + delay.Ticks, _order++));
    }

    /// <summary>Takes the next label that is known to a transaction of that event time, in UTC ticks; false where there is none more.</summary>
    public bool TryTake(long ticks, out string account, out TransactionLabelled label)
    {
        if (ticks >= _hourEnd)
        {
            _hourEnd = ticks - (ticks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour;
        }

        if (_waiting.TryPeek(out var next, out var priority) && priority.Due < _hourEnd)
        {
            _waiting.Dequeue();
            (account, label) = next;
            return true;
        }

        (account, label) = ("", null!);
        return false;
    }
}
