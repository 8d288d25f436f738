namespace TransactionFeed.Input;

/// <summary>Where transactions come from: files of several formats, or the simulator.</summary>
internal interface IRecordSource
{
    /// <summary>The next one, in the order of the input; null at its end.</summary>
    ValueTask<TransactionRecord?> ReadAsync(CancellationToken stop);
}
