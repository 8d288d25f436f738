namespace TransactionFeed.Input;

/// <summary>What a file of transactions looks like.</summary>
internal enum InputFormat
{
    None,

    /// <summary>The contract's JSON, one transaction a line.</summary>
    NativeJson,

    /// <summary>A header with the contract's field names.</summary>
    NativeCsv,

    /// <summary>The header of the Fraud Detection Handbook's data set.</summary>
    HandbookCsv,
}
