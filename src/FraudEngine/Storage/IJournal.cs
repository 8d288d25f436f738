using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>Hears from the journal what became of what was submitted. Called on the journal's own threads; must return at once and not throw.</summary>
public interface IJournalSink
{
    /// <summary>The batch is durable, or had nothing to store. Batches of one shard come in the order of submission.</summary>
    void Durable(JournalBatch batch);

    /// <summary>Nothing of the batch was stored, nor will be anything else of its shard's incarnation. Only a batch that stores something fails by itself.</summary>
    void Failed(JournalBatch batch, Exception reason);

    /// <summary>The reads of a durable batch are answered; each says whether it failed.</summary>
    void Answered(JournalReads reads);
}

/// <summary>
/// Where decided transactions are kept, and what decides them. One append is one decided transaction, under account and sequence number; its alert stands in
/// the same commit. Implementations pass the same contract tests.
/// </summary>
public interface IJournal : IRuleStore, IDocumentStore, IDeliveryStore, IAsyncDisposable
{
    /// <summary>Every rule set that has decided anything stored here, and those registered since.</summary>
    ReasonCatalog Catalog { get; }

    /// <summary>Whether a setting that must never change for the data kept here has this value; the first value given is stored.</summary>
    /// <returns>The stored value.</returns>
    string Pin(string setting, string value);

    /// <summary>
    /// Makes sure that what names an entity of these kinds can be found by it, now and from now on. Reads the whole journal where it was not kept so before.
    /// Called before <see cref="Start"/>; entities of other kinds can't be recovered.
    /// </summary>
    /// <param name="progress">Told how many of the journal's rows were read, and how many there are; null where nobody wants to know.</param>
    void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null);

    /// <summary>Begins to take batches.</summary>
    void Start(IJournalSink sink);

    /// <summary>Takes a batch: never blocks, never throws. Batches of one shard are stored in the order in which they are submitted.</summary>
    void Submit(JournalBatch batch);

    /// <summary>An account's entries with a sequence number below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max);

    /// <summary>An account's entry of a transaction id; null where it has none. Faults with <see cref="InvalidDataException"/> where the entry is damaged.</summary>
    /// <param name="idHash">The seeded <see cref="Hash64"/> of the id, as it was appended.</param>
    Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId);

    /// <summary>The newest labels of an account's transactions with sequence numbers from <paramref name="from"/> up to, but without, <paramref name="before"/>.</summary>
    Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before);

    /// <summary>Stored transactions and labels of all accounts with a position above <paramref name="after"/>, in the order of commits.</summary>
    Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max);

    /// <summary>Alerts with a position above <paramref name="after"/>, oldest first; of one account, or of all where it is null.</summary>
    Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max);

    /// <summary>The position of an alert, or null where there is none of that id.</summary>
    Task<long?> FindAlertAsync(AlertId id);

    /// <summary>An alert by its id, or null where there is none.</summary>
    Task<StoredAlert?> ReadAlertAsync(AlertId id);

    /// <summary>The position of the newest alert; 0 where there is none.</summary>
    Task<long> NewestAlertAsync();

    /// <summary>How many transactions, labels and alerts are stored.</summary>
    Task<JournalSize> MeasureAsync();
}
