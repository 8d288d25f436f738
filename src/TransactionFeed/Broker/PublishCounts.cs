using TransactionFeed.Reports;

namespace TransactionFeed.Broker;

/// <summary>What a publication has reached at some moment.</summary>
/// <param name="Read">Transactions read from the input, those that can't be sent included.</param>
/// <param name="Published">Publications, those after a lost connection included.</param>
/// <param name="Confirmed">Transactions that the broker has stored.</param>
/// <param name="Retries">How often there had to be another connection.</param>
/// <param name="Unsendable">Rows that are no transaction by any reading, by what is wrong.</param>
internal sealed record PublishCounts(
    long Read, long Published, long Confirmed, long Retries, IReadOnlyDictionary<string, long> Unsendable, LatencyHistogram Latency)
{
    public long NotSent => Unsendable.Values.Sum();
}
