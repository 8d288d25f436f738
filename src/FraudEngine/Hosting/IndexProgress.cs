using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Logs every few seconds how far the journal is indexed by entities: of a large one it takes minutes, in which the engine does not listen yet.</summary>
internal sealed class IndexProgress(ILogger log, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private long _saidAt = clock.GetTimestamp();

    public void Tell(long rows, long all)
    {
        if (clock.GetElapsedTime(_saidAt) >= Every)
        {
            _saidAt = clock.GetTimestamp();
            log.Indexing(rows, all);
        }
    }
}
