namespace FraudEngine.Actors;

/// <summary>All shards of a node. An entity's shard follows from the hash of its id alone, so it is the same on every node and in every run.</summary>
public sealed class ShardRegion<TShard>(IReadOnlyList<TShard> shards)
{
    private readonly TShard[] _shards = [.. shards];

    public ReadOnlySpan<TShard> Shards => _shards;

    public TShard ShardOf(ulong hash) => _shards[IndexOf(hash, _shards.Length)];

    /// <summary>The shard's index: the hash's upper half, scaled to the number of shards.</summary>
    public static int IndexOf(ulong hash, int shards) => (int)(((hash >> 32) * (ulong)shards) >> 32);
}
