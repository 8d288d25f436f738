using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>How the engine is sized.</summary>
public sealed record EngineSettings
{
    private const int HistoryPerSnapshot = 4;

    /// <summary>Shards of the whole engine. Never changes for the data of a journal.</summary>
    public int Shards { get; init; } = 64;

    /// <summary>Transactions in flight; more wait at the door.</summary>
    public int InFlightMax { get; init; } = 8192;

    /// <summary>Accounts kept in memory; above that the ones not used for the longest time are passivated.</summary>
    public int ResidentAccountsMax { get; init; } = 1_000_000;

    /// <summary>Terminals, merchants, devices and counterparties kept in memory, as accounts are.</summary>
    public int ResidentEntitiesMax { get; init; } = 1_000_000;

    /// <summary>The kinds of entities, beside accounts, that rules and models may look at; the journal is indexed by them.</summary>
    public IReadOnlySet<EntityKind> Entities { get; init; } = EntityKinds.Visited.ToHashSet();

    /// <summary>How long an account waits for an entity that a transaction visits; then it decides without what the entity knows, and says so.</summary>
    public TimeSpan EntityTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages that a shard takes in one turn.</summary>
    public int TurnMessagesMax { get; init; } = 1024;

    /// <summary>So many rows that name entities are read of a shared journal at once. At least 9: each entry has one per kind, and two entries must fit.</summary>
    public int EntityRowsMax { get; init; } = 4096;

    /// <summary>An account's snapshot is stored after this many of its transactions.</summary>
    public int SnapshotEvery { get; init; } = 512;

    /// <summary>
    /// After how many events the snapshot of an actor is stored that keeps so many. A large one's is stored after a quarter of its history, so that storing it
    /// costs each transaction the same however large it is.
    /// </summary>
    internal int SnapshotAfter(int kept) => Math.Max(SnapshotEvery, kept / HistoryPerSnapshot);

    /// <summary>A passivated account with fewer transactions since its snapshot is replayed from the journal instead: that is cheaper than storing one.</summary>
    public int SnapshotOnPassivationMin { get; init; } = 32;

    /// <summary>How far ahead of the clock an event time may be.</summary>
    public TimeSpan AheadMax { get; init; } = TimeSpan.FromMinutes(5);

    public WindowSettings Windows { get; init; } = WindowSettings.Default;
}
