using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>What a <see cref="SimulatedJournal"/> has made durable.</summary>
internal sealed class SimulatedStore
{
    public List<StoredRow> Rows { get; } = [];

    public Dictionary<string, List<StoredRow>> ByAccount { get; } = [];

    public Dictionary<string, (long Sequence, byte[] State)> Snapshots { get; } = [];

    public Dictionary<(string Account, long Sequence), bool> Labels { get; } = [];

    public HashSet<EntityKind> IndexedKinds { get; } = [];

    /// <summary>By the key in hexadecimal digits.</summary>
    public Dictionary<string, (long Position, byte[] State)> EntitySnapshots { get; } = [];

    /// <summary>Models stand among the rule sets; here are their trees, by number.</summary>
    public Dictionary<int, byte[]> Trees { get; } = [];

    public List<RuleSetChange> ModelChanges { get; } = [];

    public List<PoisonRecord> Poison { get; } = [];

    public List<(string Name, int Version, string Source, DecidingRuleSet Set)> RuleSets { get; } = [];

    public List<RuleSetChange> RuleChanges { get; } = [];

    /// <summary>The first has version 1.</summary>
    public List<(string List, string Owner, IReadOnlyList<StoredListEntry> Changes)> ListChanges { get; } = [];

    public Dictionary<string, StoredShadow> Shadows { get; } = [];

    public Dictionary<string, string> Settings { get; } = [];

    public sealed record StoredRow(long Position, byte[] AccountId, long Sequence, ulong IdHash, byte[] Entry, AlertId AlertId);
}
