using TransactionFeed.Input;
using TransactionFeed.Reports;

namespace TransactionFeed.Broker;

/// <summary>Counts what a publication has reached. Thread-safe.</summary>
internal sealed class PublishTally
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly Dictionary<string, long> _unsendable = [];
    private long _read;
    private long _published;
    private long _confirmed;
    private long _retries;

    public long Confirmed => Volatile.Read(ref _confirmed);

    public void CountRead() => Interlocked.Increment(ref _read);

    public void CountPublished() => Interlocked.Increment(ref _published);

    public void CountRetry() => Interlocked.Increment(ref _retries);

    public void CountUnsendable(string problem)
    {
        lock (_lock)
        {
            _unsendable[problem] = _unsendable.GetValueOrDefault(problem) + 1;
        }
    }

    public void CountConfirmed(List<TransactionRecord> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
            {
                _latency.RecordSince(record.SentAt);
            }
        }

        Interlocked.Add(ref _confirmed, records.Count);
    }

    public PublishCounts Snapshot()
    {
        lock (_lock)
        {
            var latency = new LatencyHistogram();
            latency.Add(_latency);
            return new PublishCounts(
                Volatile.Read(ref _read), Volatile.Read(ref _published), Volatile.Read(ref _confirmed), Volatile.Read(ref _retries),
                new Dictionary<string, long>(_unsendable), latency);
        }
    }
}
