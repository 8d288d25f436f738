namespace FraudEngine.Hosting.Workers;

/// <summary>A worker in the status table; what it does not tell is null.</summary>
internal sealed record WorkerRow(
    int Number, string Name, int? Pid, WorkerState State, DateTimeOffset Since, int Restarts, int? Shards, double? DecidedPerSecond, long? InFlight, string Url);
