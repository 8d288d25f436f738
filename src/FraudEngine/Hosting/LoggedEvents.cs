using FraudEngine.Engine;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Logs what an operator must know, and remembers when storing last failed.</summary>
internal sealed class LoggedEvents(ILogger log, TimeProvider clock) : IEngineEvents
{
    private static readonly TimeSpan NotReadyAfterFailure = TimeSpan.FromSeconds(5);
    private long _failedAt = long.MinValue;

    /// <summary>Whether nothing failed to be stored lately.</summary>
    public bool IsReady => Volatile.Read(ref _failedAt) is var at && (at == long.MinValue || clock.GetElapsedTime(at) > NotReadyAfterFailure);

    public void ShardRestarted(int shard, Exception reason)
    {
        if (reason is IOException)
        {
            Volatile.Write(ref _failedAt, clock.GetTimestamp());
        }

        log.ShardRestarted(shard, reason);
    }

    public void TransactionPoisoned(int shard, Exception reason) => log.TransactionPoisoned(shard, reason);

    public void RecoveryFailed(int shard, Exception reason) => log.RecoveryFailed(shard, reason);
}
