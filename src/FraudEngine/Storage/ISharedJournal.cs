using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>
/// A journal to which several nodes write, each for the shards that it owns. Positions are handed out before their commit, so that a position may become
/// visible after a higher one; below the <em>horizon</em> nothing comes any more. What pages by position (<see cref="IJournal.ScanAsync"/>,
/// <see cref="IJournal.ReadAlertsAsync"/>) gives only what is below it, so that nobody who goes on from a position ever misses one.
/// </summary>
public interface ISharedJournal : IJournal, IShardLocks
{
    /// <summary>
    /// Everything committed that names an entity of these shards and stands above <paramref name="after"/>, also above the horizon, in the order of positions.
    /// At most <paramref name="max"/>: then the horizon that is given is not above the last row.
    /// </summary>
    /// <param name="shards">Of the entities, not of the accounts: <see cref="Hash64.Bucket"/> of the hash of an <see cref="EntityKey"/>.</param>
    Task<EntityRows> ReadEntityRowsAsync(IReadOnlyList<int> shards, long after, int max);

    /// <summary>The position below which everything is committed that ever will be.</summary>
    Task<long> ReadHorizonAsync();

    /// <summary>Rises with every change of what all nodes have in common: rule sets and models in force, lists, shadows.</summary>
    Task<long> ReadRevisionAsync();

    /// <summary>Adds to <see cref="IJournal.Catalog"/> what other nodes have registered since it was read last.</summary>
    Task RefreshCatalogAsync();

    /// <summary>
    /// Lets one node at a time bring what all have in common up to date with its files, as at its start: the others wait until what is returned is disposed of, or
    /// the node is gone.
    /// </summary>
    Task<IAsyncDisposable> LockSettingsAsync();
}

/// <summary>A stored entry that names an entity.</summary>
/// <param name="Key">Of the entity, as <see cref="EntityKey"/> writes it.</param>
public sealed record NamedRow(byte[] Key, JournalRow Row);

/// <param name="Horizon">Of the snapshot in which the rows were read: a later reading after it gives no row below it again, and misses none.</param>
public sealed record EntityRows(IReadOnlyList<NamedRow> Rows, long Horizon);
