namespace TransactionFeed.Load;

/// <summary>What a load run has measured.</summary>
/// <param name="Measured">How long was measured.</param>
/// <param name="ClientCpu">Of this process, within that time; so is the server's.</param>
/// <param name="Server">CPU used within that time; memory at its end. Null where no process was named.</param>
internal sealed record LoadResult(LoadMeter Meter, long Unanswered, TimeSpan Measured, TimeSpan ClientCpu, ProcessUsage? Server, bool IsInterrupted);
