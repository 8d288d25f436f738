using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Which kinds of entities the journal can be asked by, and the newest rows of each entity, which are in no segment on disk yet. The writing thread changes
/// it; the reading threads read it.
/// </summary>
internal sealed class EntityIndex(int tailRowsMax)
{
    // Larger than an account's, as entities are fewer and busier: each segment touches a page at random.
    public const int SegmentRows = 64;

    // The tail's rows wait in memory anyway; a scan of the whole journal may take some times as much.
    private const int TailsPerBuild = 5;

    private volatile EntityKind[] _kinds = [];

    /// <summary>Those that every committed entry is indexed by. Changed only before the journal takes batches.</summary>
    public ReadOnlySpan<EntityKind> Kinds => _kinds;

    /// <summary>By an entity's number. A row of the journal may name one of each kind, so that as many wait as it would have with some of them.</summary>
    public JournalIndex<EntityRow> Waiting { get; } = new(tailRowsMax, SegmentRows, tailRowsMax);

    /// <summary>Rows that a scan of the journal holds in memory, by all entities together, and then writes with one commit.</summary>
    public int BuildRowsMax => Math.Max(EntityKinds.End, tailRowsMax * TailsPerBuild);

    public bool Has(EntityKind kind) => Array.IndexOf(_kinds, kind) >= 0;

    public void SetKinds(EntityKind[] kinds) => _kinds = kinds;
}
