namespace TransactionFeed.Labels;

/// <summary>What a transaction turned out to be.</summary>
internal readonly record struct DueLabel(string AccountId, string TransactionId, bool IsFraud);
