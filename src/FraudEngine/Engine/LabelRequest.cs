namespace FraudEngine.Engine;

/// <summary>What came of a label.</summary>
public enum LabelResult
{
    None,

    /// <summary>It is stored, and counts from now on.</summary>
    Stored,

    /// <summary>The transaction has this label already.</summary>
    Unchanged,

    /// <summary>The account has no transaction of that id.</summary>
    Unknown,

    /// <summary>It could not be stored. Sending it again is safe.</summary>
    Unavailable,
}

/// <summary>Says what a transaction turned out to be.</summary>
internal sealed class LabelRequest(byte[] accountId, byte[] transactionId, bool isFraud) : AccountUpdate<LabelResult>(accountId, LabelResult.Unavailable)
{
    public byte[] TransactionId { get; } = transactionId;

    public bool IsFraud { get; } = isFraud;
}
