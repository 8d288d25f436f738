using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>What a <see cref="SimulatedJournal"/> has made durable.</summary>
internal sealed class SimulatedStore
{
    public List<StoredRow> Rows { get; } = [];

    public Dictionary<string, List<StoredRow>> ByAccount { get; } = [];

    public Dictionary<string, (long Sequence, byte[] State)> Snapshots { get; } = [];

    /// <summary>By <see cref="SimulatedJournal.NameOf"/>: the rows that name an entity, whether its kind is indexed or not.</summary>
    public Dictionary<string, List<StoredRow>> ByEntity { get; } = [];

    public HashSet<EntityKind> IndexedKinds { get; } = [];

    public Dictionary<string, EntitySnapshotWrite> EntitySnapshots { get; } = [];

    public List<PoisonRecord> Poison { get; } = [];

    public List<(string Name, int Version, string Source, DecidingRuleSet Set)> RuleSets { get; } = [];

    public List<RuleSetChange> RuleChanges { get; } = [];

    /// <summary>Numbered in one row with rule sets.</summary>
    public List<(StoredModel Model, byte[] Trees, DecidingRuleSet Set)> Models { get; } = [];

    public List<RuleSetChange> ModelChanges { get; } = [];

    /// <summary>The first has version 1.</summary>
    public List<(string List, string Owner, IReadOnlyList<StoredListEntry> Changes)> ListChanges { get; } = [];

    public Dictionary<string, StoredShadow> Shadows { get; } = [];

    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Which session holds a shard, where several nodes share the store.</summary>
    public Dictionary<int, ShardHolder> Holders { get; } = [];

    /// <summary>Commits under way: their positions are handed out, and nothing of them is visible.</summary>
    public SortedSet<long> Open { get; } = [];

    public long NextTransaction { get; set; } = 1;

    public int NextSession { get; set; } = 1;

    public long Revision { get; set; }

    /// <summary>Held while documents, deliveries or leases are read or changed, which threads other than the test's may do.</summary>
    public Lock Gate { get; } = new();

    public Dictionary<(DocumentKind Kind, string Key), Document> Documents { get; } = [];

    public Dictionary<(string Channel, long Position), Delivery> Deliveries { get; } = [];

    public Dictionary<string, long> Cursors { get; } = [];

    /// <summary>Channels on which a node delivers.</summary>
    public HashSet<string> Leased { get; } = [];

    public sealed record StoredRow(
        long Position, byte[] AccountId, long Sequence, ulong IdHash, byte[] Entry, AlertId AlertId, long Labelled = 0, bool IsFraud = false, long CommittedTicks = 0)
    {
        public bool IsTransaction => !LabelCodec.IsLabel(Entry) && !ChangeCodec.IsChange(Entry);
    }
}
