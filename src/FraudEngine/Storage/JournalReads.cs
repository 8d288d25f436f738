namespace FraudEngine.Storage;

/// <summary>A stored entry: an account's sequence number and the bytes of <see cref="Entities.EntryCodec"/>.</summary>
public readonly record struct StoredEntry(long Sequence, byte[] Bytes);

/// <summary>The newest label of one transaction of an account.</summary>
/// <param name="Sequence">The transaction's.</param>
public readonly record struct StoredLabel(long Sequence, bool IsFraud);

/// <summary>A stored entry with its place in the journal and its account's id as UTF-8.</summary>
public readonly record struct JournalRow(long Position, byte[] AccountId, long Sequence, byte[] Bytes);

/// <summary>One account to be recovered: its newest snapshot, and every entry after it in order.</summary>
public sealed class Recovery(AccountRef account)
{
    public AccountRef Account { get; } = account;

    /// <summary>Asks for every entry from the first and no snapshot: the stored one doesn't serve the rule set in force.</summary>
    public bool FromStart { get; init; }

    /// <summary>Walking back from the newest entry, the first with an older event time than this (UTC ticks) is the last that is given.</summary>
    public long OlderThanTicks { get; init; } = long.MinValue;

    /// <summary>Why it could not be answered; null where it was.</summary>
    public Exception? Failure { get; internal set; }

    /// <summary>Empty where there is none.</summary>
    public byte[] Snapshot { get; internal set; } = [];

    public List<StoredEntry> Entries { get; } = [];

    /// <summary>
    /// The entries up to this sequence number, and what the snapshot has of them, were dropped as older than what is kept, so no window reaches back to them: the
    /// account goes on behind it. 0 where nothing was dropped.
    /// </summary>
    public long DroppedTo { get; internal set; }
}

/// <summary>One transaction id to be looked up among those of an account.</summary>
public sealed class Lookup(AccountRef account, ulong idHash, byte[] transactionId)
{
    public AccountRef Account { get; } = account;

    public ulong IdHash { get; } = idHash;

    public byte[] TransactionId { get; } = transactionId;

    /// <summary>Asks for the label of the transaction as well.</summary>
    public bool WithLabel { get; init; }

    /// <summary>Asks for the document of that kind and key as well; null where none is wanted.</summary>
    public (DocumentKind Kind, string Key)? WithDocument { get; init; }

    /// <summary>The document that was asked for; null where there is none.</summary>
    public Document? Document { get; internal set; }

    /// <summary>Null where the account has no transaction of that id.</summary>
    public StoredEntry? Found { get; internal set; }

    /// <summary>The newest label of the transaction that was found, where it was asked for; null where it has none.</summary>
    public bool? IsFraud { get; internal set; }

    /// <summary>Why it could not be answered; null where it was.</summary>
    public Exception? Failure { get; internal set; }
}

/// <summary>One entity other than an account to be recovered: its newest snapshot, and every entry that names it after that, in the order of commits.</summary>
/// <param name="key">As <see cref="Domain.EntityKey"/> writes it.</param>
public sealed class EntityRecovery(byte[] key)
{
    public byte[] Key { get; } = key;

    /// <summary>Asks for every entry from the first and no snapshot: the stored one doesn't serve the windows in force.</summary>
    public bool FromStart { get; init; }

    /// <summary>Why it could not be answered; null where it was.</summary>
    public Exception? Failure { get; internal set; }

    /// <summary>Empty where there is none.</summary>
    public byte[] Snapshot { get; internal set; } = [];

    /// <summary>The journal position up to which the snapshot has everything; 0 where there is none.</summary>
    public long SnapshotPosition { get; internal set; }

    /// <summary>
    /// Of a shared journal: of what stands below, the rows miss nothing; from it on, they have what was committed when they were read. 0 for any other journal,
    /// whose positions are in the order of commits.
    /// </summary>
    public long Horizon { get; internal set; }

    /// <summary>Transactions and labels behind <see cref="SnapshotPosition"/> that were committed when they were read.</summary>
    public List<JournalRow> Rows { get; } = [];
}

/// <summary>What a shard asks of the journal, answered together: many accounts are one query, never one query each.</summary>
public sealed class JournalReads
{
    public int Shard { get; init; }

    public int Incarnation { get; init; }

    public List<Recovery> Recoveries { get; } = [];

    public List<Lookup> Lookups { get; } = [];

    public List<EntityRecovery> Entities { get; } = [];
}
