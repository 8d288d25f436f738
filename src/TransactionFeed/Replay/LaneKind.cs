namespace TransactionFeed.Replay;

/// <summary>What a lane carries: where its lines go, and how their answers are read.</summary>
internal sealed record LaneKind(string Path, Func<ReadOnlySpan<byte>, Answer> ReadAnswer)
{
    public static readonly LaneKind Transactions = new("v1/transactions", Answer.Read);

    public static readonly LaneKind Labels = new("v1/labels", Answer.ReadLabel);
}
