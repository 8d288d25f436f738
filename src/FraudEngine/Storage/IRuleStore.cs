using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>
/// Where rule sets, named lists and shadows are kept, beside the journal and as durable as it. Everything is only ever added, so that each stored decision
/// can be made again. Implementations pass the same contract tests.
/// </summary>
public interface IRuleStore
{
    /// <summary>Every rule set ever registered, in the order of their numbers.</summary>
    Task<IReadOnlyList<StoredRuleSet>> ReadRuleSetsAsync();

    /// <summary>
    /// Stores a rule set, unless the same one (name, version and text) is stored already, and returns its number, under which it stands in
    /// <see cref="IJournal.Catalog"/> from then on.
    /// </summary>
    Task<int> RegisterAsync(string name, int version, string source, IReadOnlyList<ReasonCode> reasons);

    /// <summary>Stores that a registered rule set goes into force.</summary>
    Task PutInForceAsync(RuleSetChange change);

    /// <summary>Every change of the rule set in force, oldest first: the last one's is in force.</summary>
    Task<IReadOnlyList<RuleSetChange>> ReadChangesAsync();

    /// <summary>Every model ever registered, in the order of their numbers; models and rule sets are numbered in one row.</summary>
    Task<IReadOnlyList<StoredModel>> ReadModelsAsync();

    /// <summary>
    /// Stores a model, unless the same one (name, version, text and trees) is stored already, and returns its number, under which its features' reasons stand
    /// in <see cref="IJournal.Catalog"/> from then on.
    /// </summary>
    /// <param name="source">Its configuration's text.</param>
    /// <param name="trees">Its trees' file.</param>
    Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons);

    /// <summary>The trees' file of a registered model.</summary>
    Task<byte[]> ReadTreesAsync(int number);

    /// <summary>Stores that a registered model goes into force, or with number 0 that none is.</summary>
    Task PutModelInForceAsync(RuleSetChange change);

    /// <summary>Every change of the model in force, oldest first.</summary>
    Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync();

    /// <summary>
    /// Stores one change to a named list, which is made where there is none, and returns the version that all lists together have after it. A change of any
    /// size is stored whole or not at all, and holds up no transaction for long.
    /// </summary>
    /// <param name="owner">Who may change the list from then on: <c>http</c>, or the file that it comes from.</param>
    /// <param name="changes">Added entries, those with another expiry, and removed ones (<see cref="StoredListEntry.ExpiresTicks"/> null), each text once.</param>
    Task<long> ChangeListAsync(string list, string owner, IReadOnlyList<StoredListEntry> changes);

    /// <summary>All lists as they were at a version; as they are now where it is null.</summary>
    Task<StoredLists> ReadListsAsync(long? version = null);

    /// <summary>Entries of a list as it is now, with a text above <paramref name="after"/> in the order of their UTF-8 bytes; from the first where that is null.</summary>
    Task<IReadOnlyList<StoredListEntry>> ReadListAsync(string list, string? after, int max);

    /// <summary>Stores a shadow, in place of one of the same name.</summary>
    Task PutShadowAsync(StoredShadow shadow);

    /// <summary>Returns false where there is none of that name.</summary>
    Task<bool> RemoveShadowAsync(string name);

    Task<IReadOnlyList<StoredShadow>> ReadShadowsAsync();

    /// <summary>The value under a name; null where there is none.</summary>
    Task<string?> ReadSettingAsync(string name);

    Task WriteSettingAsync(string name, string value);
}

/// <summary>A registered rule set.</summary>
public sealed record StoredRuleSet(int Number, string Name, int Version, string Source)
{
    /// <summary><c>name@version</c>.</summary>
    public string Reference => $"{Name}@{Version}";
}

/// <summary>A registered model, without its trees.</summary>
public sealed record StoredModel(int Number, string Name, int Version, string Source)
{
    /// <summary><c>name@version</c>.</summary>
    public string Reference => $"{Name}@{Version}";
}

/// <summary>A rule set, or a model, went into force.</summary>
/// <param name="Number">The rule set's or the model's.</param>
/// <param name="AtTicks">When, in UTC ticks of the clock.</param>
/// <param name="Cause">What brought it: <c>start</c>, <c>http</c>, <c>file</c> or <c>rollback</c>.</param>
public sealed record RuleSetChange(int Number, long AtTicks, string Cause);

/// <summary>An entry of a named list.</summary>
/// <param name="ExpiresTicks">The event time, in UTC ticks, from which on it no longer counts; <see cref="long.MaxValue"/> for never. Null: it is removed.</param>
public sealed record StoredListEntry(string Text, long? ExpiresTicks);

/// <param name="Owner"><c>http</c>, or the file that it comes from.</param>
/// <param name="Version">That of its newest change.</param>
/// <param name="Entries">In the order of their texts' UTF-8 bytes; expired ones too.</param>
public sealed record StoredList(string Name, string Owner, long Version, IReadOnlyList<StoredListEntry> Entries);

/// <summary>All lists at one version, in the order of their names.</summary>
public sealed record StoredLists(long Version, IReadOnlyList<StoredList> Lists);

/// <summary>A candidate that is tried on live traffic.</summary>
/// <param name="RuleSetNumber">Of a registered rule set.</param>
/// <param name="ModelNumber">Of the registered model that is tried with it; 0 where the rules are tried alone.</param>
/// <param name="AfterPosition">The journal position behind which it is compared.</param>
/// <param name="AtTicks">When it was put up, in UTC ticks of the clock.</param>
public sealed record StoredShadow(string Name, int RuleSetNumber, long AfterPosition, long AtTicks, int ModelNumber = 0);
