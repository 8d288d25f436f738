namespace TransactionFeed.Replay;

/// <summary>What became of labels.</summary>
/// <param name="Changed">Taken, and not known before.</param>
/// <param name="Unchanged">Known before.</param>
/// <param name="Refused">By why.</param>
/// <param name="NotDue">Not sent, since their time has not come.</param>
/// <param name="WithoutTransaction">Not sent, since their transaction has not come.</param>
internal sealed record LabelCounts(long Changed, long Unchanged, IReadOnlyDictionary<string, long> Refused, long NotDue, long WithoutTransaction)
{
    /// <summary>Sent and answered.</summary>
    public long Sent => Changed + Unchanged + Refused.Values.Sum();
}
