namespace FraudEngine.Cluster;

/// <summary>Counts how often this node has taken each shard, so that a gap in its owning of one is seen.</summary>
internal sealed class Tenures(int shards, Func<int, bool> owns)
{
    private readonly int[] _taken = new int[shards];

    /// <summary>Called before the engine is told to take a shard over.</summary>
    public void Begin(int shard) => Interlocked.Increment(ref _taken[shard]);

    /// <summary>The number of the present tenure; 0 where the shard is not owned.</summary>
    public int Of(int shard)
    {
        // Read first: where it is taken anew in between, the number is that of a tenure that is over, and what is accepted under it is the last that is.
        var taken = Volatile.Read(ref _taken[shard]);
        return owns(shard) ? taken : 0;
    }
}
