namespace FraudEngine.Engine;

/// <summary>Hears what an operator must know. Called on event loops: must be quick and must not throw.</summary>
public interface IEngineEvents
{
    /// <summary>A shard dropped its actors and recovers them from the journal.</summary>
    void ShardRestarted(int shard, Exception reason);

    /// <summary>A transaction faulted twice and was refused and recorded.</summary>
    void TransactionPoisoned(int shard, Exception reason);

    /// <summary>An account can't be recovered from the journal.</summary>
    void RecoveryFailed(int shard, Exception reason);
}
