using TransactionFeed.Reports;

namespace TransactionFeed.Replay;

/// <summary>Counts what a replay has reached. Thread-safe.</summary>
internal sealed class ReplayTally(bool withLabels)
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _unsendable = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _labelsRefused = new(StringComparer.Ordinal);
    private long _labelsChanged;
    private long _labelsUnchanged;
    private long _labelsNotDue;
    private long _labelsWithoutTransaction;
    private long _read;
    private long _answered;
    private long _retries;

    public void CountRead() => Interlocked.Increment(ref _read);

    public void CountRetry() => Interlocked.Increment(ref _retries);

    public void CountUnsendable(string problem)
    {
        lock (_lock)
        {
            Count(_unsendable, problem);
        }
    }

    /// <summary><paramref name="sentAt"/> is a Stopwatch timestamp.</summary>
    public void CountAnswer(Answer answer, long sentAt)
    {
        lock (_lock)
        {
            _answered++;
            _latency.RecordSince(sentAt);
            if (answer.IsError)
            {
                Count(_errors, answer.ErrorTitle);
            }
            else
            {
                Count(_outcomes, answer.Outcome);
            }
        }
    }

    public void CountLabel(Answer answer)
    {
        lock (_lock)
        {
            if (answer.IsError)
            {
                Count(_labelsRefused, answer.ErrorTitle);
            }
            else if (answer.IsChanged == true)
            {
                _labelsChanged++;
            }
            else
            {
                _labelsUnchanged++;
            }
        }
    }

    /// <summary>How many labels wait now, and for what.</summary>
    public void CountLabelsWaiting(long notDue, long withoutTransaction)
    {
        Volatile.Write(ref _labelsNotDue, notDue);
        Volatile.Write(ref _labelsWithoutTransaction, withoutTransaction);
    }

    public ReplayCounts Snapshot()
    {
        lock (_lock)
        {
            var latency = new LatencyHistogram();
            latency.Add(_latency);
            return new ReplayCounts(
                Volatile.Read(ref _read), _answered, Volatile.Read(ref _retries),
                new Dictionary<string, long>(_outcomes), new Dictionary<string, long>(_errors), new Dictionary<string, long>(_unsendable), latency,
                withLabels ? SnapshotLabels() : null);
        }
    }

    private LabelCounts SnapshotLabels() => new(
        _labelsChanged, _labelsUnchanged, new Dictionary<string, long>(_labelsRefused), Volatile.Read(ref _labelsNotDue), Volatile.Read(ref _labelsWithoutTransaction));

    /// <summary>Titles come from the other side; the number of kinds is bounded all the same.</summary>
    private static void Count(SortedDictionary<string, long> counts, string kind)
    {
        const int kindsMax = 100;
        kind = counts.Count < kindsMax || counts.ContainsKey(kind) ? kind : "(others)";
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
    }
}
