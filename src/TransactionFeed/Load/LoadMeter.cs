using System.Diagnostics;
using TransactionFeed.Reports;

namespace TransactionFeed.Load;

/// <summary>What one sender has measured. Not thread-safe: each has its own, and they are added at the end.</summary>
internal sealed class LoadMeter(LoadClock clock)
{
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);

    /// <summary>Of what was to be sent within the measured time, whenever it was answered.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Decisions that came within the measured time.</summary>
    public long Decisions { get; private set; }

    public long Approved { get; private set; }

    public long Reviewed { get; private set; }

    public long Declined { get; private set; }

    /// <summary>By what the engine or the connection said; warming up included.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    public long ErrorCount => _errors.Values.Sum();

    /// <summary>Counts a decision, with any text that holds it. <paramref name="intended"/> is when it was to be sent.</summary>
    public void CountDecision(ReadOnlySpan<byte> answer, long intended)
    {
        var now = Stopwatch.GetTimestamp();
        if (clock.IsMeasured(intended))
        {
            Latency.Record((long)Stopwatch.GetElapsedTime(intended, now).TotalNanoseconds);
        }

        if (!clock.IsMeasured(now))
        {
            return;
        }

        Decisions++;
        var outcome = answer.IndexOf("\"outcome\":\""u8);
        switch (outcome < 0 ? 0 : answer[outcome + "\"outcome\":\"".Length])
        {
            case (byte)'a':
                Approved++;
                break;
            case (byte)'r':
                Reviewed++;
                break;
            case (byte)'d':
                Declined++;
                break;
        }
    }

    public void CountError(string kind) => _errors[kind] = _errors.GetValueOrDefault(kind) + 1;

    public void Add(LoadMeter other)
    {
        Latency.Add(other.Latency);
        Decisions += other.Decisions;
        Approved += other.Approved;
        Reviewed += other.Reviewed;
        Declined += other.Declined;
        foreach (var (kind, count) in other.Errors)
        {
            _errors[kind] = _errors.GetValueOrDefault(kind) + count;
        }
    }
}
