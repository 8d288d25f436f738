namespace TransactionFeed.Input;

/// <summary>What a CSV column's values become.</summary>
internal enum CsvColumnKind
{
    /// <summary>Not sent.</summary>
    None,
    Text,
    Number,
    Timestamp,
    TransactionId,
    AccountId,
}
