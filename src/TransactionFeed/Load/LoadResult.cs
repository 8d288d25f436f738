namespace TransactionFeed.Load;

/// <summary>What a load run has measured.</summary>
/// <param name="Measured">How long was measured; shorter than asked for where it was stopped.</param>
/// <param name="ClientCores">CPU that this process used meanwhile, in cores.</param>
/// <param name="ServerCores">As above, of the processes named.</param>
/// <param name="Server">Their memory at the end. Null where no process was named.</param>
internal sealed record LoadResult(
    LoadMeter Meter, long Unanswered, TimeSpan Measured, double ClientCores, double ServerCores, ProcessUsage? Server, bool IsInterrupted)
{
    public double ClientMicroseconds => MicrosecondsPerDecision(ClientCores);

    public double ServerMicroseconds => MicrosecondsPerDecision(ServerCores);

    private double MicrosecondsPerDecision(double cores) => Meter.Decisions == 0 ? 0 : cores * Measured.TotalMicroseconds / Meter.Decisions;
}
