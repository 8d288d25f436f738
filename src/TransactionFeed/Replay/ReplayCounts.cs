using TransactionFeed.Reports;

namespace TransactionFeed.Replay;

/// <summary>What a replay has reached at some moment.</summary>
/// <param name="Read">Transactions read from the input, those that can't be sent included.</param>
/// <param name="Answered">Decisions and errors that came back.</param>
/// <param name="Retries">How often a stream was opened again.</param>
/// <param name="Unsendable">Rows that are no transaction by any reading, by what is wrong.</param>
/// <param name="Labels">Null where none are sent.</param>
internal sealed record ReplayCounts(
    long Read,
    long Answered,
    long Retries,
    IReadOnlyDictionary<string, long> Outcomes,
    IReadOnlyDictionary<string, long> Errors,
    IReadOnlyDictionary<string, long> Unsendable,
    LatencyHistogram Latency,
    LabelCounts? Labels)
{
    public long NotSent => Unsendable.Values.Sum();
}
