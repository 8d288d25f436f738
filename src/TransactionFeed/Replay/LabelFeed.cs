using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Labels;

namespace TransactionFeed.Replay;

/// <summary>
/// Sends labels while transactions are replayed, each when it becomes known: after all earlier transactions are answered, and before the next is sent.
/// With labels or without, a transaction is sent only when all that are older by the labels' delay are answered: windows with that delay are the same in each
/// replay. Called by the one reader of the input.
/// </summary>
/// <param name="book">Null where the transactions' own rows say what they turned out to be.</param>
internal sealed class LabelFeed(LabelSettings settings, LabelBook? book, ReplayTally tally)
{
    private readonly LabelSchedule _schedule = new(settings.Delay);
    private readonly OrderedRows _unanswered = new(output: null);
    private readonly long _aheadMax = Math.Max(settings.Delay.Ticks, TimeSpan.TicksPerHour);

    /// <summary>All transactions that were sent before the first of this or a later event time are answered.</summary>
    private long? _answeredTicks;

    /// <summary>The labels that were sent, in order: labels of one transaction must not overtake each other.</summary>
    public Lane Lane { get; } = new(LaneKind.Labels);

    /// <summary>Sends what is to be known before this transaction.</summary>
    public async ValueTask BeforeAsync(TransactionRecord next, OrderedRows transactions, CancellationToken stop)
    {
        if (next.EventTicks is not { } ticks)
        {
            return;
        }

        var due = _schedule.TakeDue(ticks);
        _answeredTicks ??= ticks;
        if (due.Count > 0 || ticks - _answeredTicks >= _aheadMax)
        {
            await SendAsync(due, transactions, stop);
            _answeredTicks = Math.Max(ticks, _answeredTicks.Value);
        }
    }

    /// <summary>Notes the label of a transaction that is sent. Throws, with a line for the user, where it can't be said when that falls due.</summary>
    public void Note(TransactionRecord record)
    {
        if ((book is null ? record.IsFraud : book.Take(record.AccountId, record.TransactionId)) is not { } isFraud || (!isFraud && !settings.WithGenuine))
        {
            return;
        }

        if (record.EventTicks is not { } ticks)
        {
            throw FeedException.Failed(
                $"Transaction {record.TransactionId} of account {record.AccountId} has a label, but no event time that can be read: when the label becomes known can't be said.");
        }

        _schedule.Add(ticks, new DueLabel(record.AccountId, record.TransactionId, isFraud));
        CountWaiting();
    }

    /// <summary>At the end of the input: sends the rest where that is asked for, and ends.</summary>
    public async ValueTask EndAsync(OrderedRows transactions, CancellationToken stop)
    {
        if (settings.WithRest)
        {
            await SendAsync(_schedule.TakeRest(), transactions, stop);
        }

        CountWaiting();
        Lane.Complete();
    }

    public void Finish(TransactionRecord label, Answer answer)
    {
        tally.CountLabel(answer);
        _unanswered.Complete(label, []);
    }

    private async ValueTask SendAsync(IReadOnlyList<DueLabel> due, OrderedRows transactions, CancellationToken stop)
    {
        await transactions.WaitUntilNoneAsync(stop);
        foreach (var label in due)
        {
            var line = LabelLine.Of(label);
            await _unanswered.AdmitAsync(line, stop);
            Lane.Add(line);
        }

        await _unanswered.WaitUntilNoneAsync(stop);
        CountWaiting();
    }

    private void CountWaiting() => tally.CountLabelsWaiting(_schedule.Count, book?.Count ?? 0);
}
