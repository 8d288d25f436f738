namespace FraudEngine.Storage;

/// <summary>
/// Which node owns a shard. The owner holds the shard's lock in the very session over which it commits, so that with the lock it loses the ability to write:
/// there is no time at which two nodes can commit for one shard.
/// </summary>
public interface IShardLocks
{
    /// <summary>Whether the session that commits is there. Without it no shard is owned and every batch fails.</summary>
    bool IsConnected { get; }

    /// <summary>Called when the session is gone, and every lock with it. From any thread; must return at once and not throw.</summary>
    Action? Lost { get; set; }

    /// <summary>Called when a session is there again, without any lock. From any thread; must return at once and not throw.</summary>
    Action? Connected { get; set; }

    /// <summary>Takes a shard where nobody holds it, after all that was submitted before. False also where there is no session.</summary>
    Task<bool> TryTakeAsync(int shard);

    /// <summary>Gives a shard back, after all that was submitted before is stored or has failed. Later batches of the shard fail.</summary>
    Task ReleaseAsync(int shard);

    /// <summary>Who holds which shard. Faults with <see cref="IOException"/> where the database can't be asked.</summary>
    Task<IReadOnlyList<ShardHolder>> ReadHoldersAsync();

    /// <summary>Ends a session, if it still holds a shard: its locks are free, and what it has not committed by then never will be.</summary>
    Task EvictAsync(ShardHolder holder);
}

/// <summary>Who holds a shard.</summary>
/// <param name="Node">The id of the node's present life, which it gave its session as a name.</param>
/// <param name="Session">The database's id of the session, and when that began (UTC ticks), so that another with the same id is not taken for it.</param>
public sealed record ShardHolder(int Shard, string Node, int Session, long SinceTicks);

/// <summary>The shard is not this node's, or no longer.</summary>
public sealed class ShardLostException(string message, Exception? inner = null) : IOException(message, inner);
