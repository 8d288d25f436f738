using System.Diagnostics;
using System.Numerics;

namespace TransactionFeed.Reports;

/// <summary>
/// Counts durations in buckets whose width grows with the duration: exact below 128 ns, within 1/128 (0.8 %) above, in 60 KB whatever the
/// number of values. The layout of HdrHistogram (Gil Tene). Not thread-safe; <see cref="Add"/> joins those of several threads.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) * SubBuckets];

    public long Count { get; private set; }

    public long MaxNanoseconds { get; private set; }

    /// <summary>Records the time since <paramref name="since"/>, a <see cref="Stopwatch"/> timestamp.</summary>
    public void RecordSince(long since) => Record((long)Stopwatch.GetElapsedTime(since).TotalNanoseconds);

    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        MaxNanoseconds = Math.Max(MaxNanoseconds, other.MaxNanoseconds);
    }

    /// <summary>
    /// The duration that <paramref name="percent"/> of the values don't exceed (nearest rank), in nanoseconds, rounded up to its bucket's end.
    /// </summary>
    public long Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(LastOf(i), MaxNanoseconds);
            }
        }

        return 0;
    }

    /// <summary>As <see cref="Percentile"/>, in milliseconds.</summary>
    public double PercentileMs(double percent) => Percentile(percent) / 1e6;

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - SubBuckets);
    }

    /// <summary>The largest value of a bucket.</summary>
    private static long LastOf(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBits) - 1;
        return (((long)(bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
