namespace TransactionFeed.Evaluate;

/// <summary>What a transaction turned out to be.</summary>
internal enum Truth : byte
{
    /// <summary>Not known.</summary>
    None,
    Genuine,
    Fraud,
}
