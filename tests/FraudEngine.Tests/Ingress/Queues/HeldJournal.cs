using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>A journal on SQLite that stores nothing while the test holds it, or fails.</summary>
internal sealed class HeldJournal(string directory) : IJournal
{
    private readonly Lock _lock = new();
    private readonly Queue<JournalBatch> _held = [];
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private IJournalSink? _sink;
    private bool _isHeld;

    public SqliteJournal Inner { get; } = new(directory);

    /// <summary>Whether what is to be stored fails.</summary>
    public bool Fails { get; set; }

    public ReasonCatalog Catalog => Inner.Catalog;

    public void Hold()
    {
        lock (_lock)
        {
            _isHeld = true;
        }
    }

    public void LetGo()
    {
        lock (_lock)
        {
            _isHeld = false;
            while (_held.TryDequeue(out var batch))
            {
                Inner.Submit(batch);
            }
        }
    }

    public void Start(IJournalSink sink)
    {
        _sink = sink;
        Inner.Start(sink);
    }

    public void Submit(JournalBatch batch)
    {
        lock (_lock)
        {
            if ((Fails && batch.HasWrites) || (_failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed))
            {
                _failedIncarnations[batch.Shard] = batch.Incarnation;
                batch.State = BatchState.Failed;
                ThreadPool.QueueUserWorkItem(_ => _sink!.Failed(batch, new IOException("The test says so.")));
            }
            else if (_isHeld)
            {
                batch.State = BatchState.Submitted;
                _held.Enqueue(batch);
            }
            else
            {
                Inner.Submit(batch);
            }
        }
    }

    public string Pin(string setting, string value) => Inner.Pin(setting, value);

    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null) => Inner.IndexEntities(kinds, progress);

    public Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max) => Inner.ReadEntriesAsync(accountId, before, max);

    public Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId) => Inner.FindEntryAsync(accountId, idHash, transactionId);

    public Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) => Inner.ReadLabelsAsync(accountId, from, before);

    public Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max) => Inner.ScanAsync(after, max);

    public Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max) => Inner.ReadAlertsAsync(accountId, after, max);

    public Task<long?> FindAlertAsync(AlertId id) => Inner.FindAlertAsync(id);

    public Task<long> NewestAlertAsync() => Inner.NewestAlertAsync();

    public Task<JournalSize> MeasureAsync() => Inner.MeasureAsync();

    public Task<IReadOnlyList<StoredRuleSet>> ReadRuleSetsAsync() => Inner.ReadRuleSetsAsync();

    public Task<int> RegisterAsync(string name, int version, string source, IReadOnlyList<ReasonCode> reasons) => Inner.RegisterAsync(name, version, source, reasons);

    public Task PutInForceAsync(RuleSetChange change) => Inner.PutInForceAsync(change);

    public Task<IReadOnlyList<RuleSetChange>> ReadChangesAsync() => Inner.ReadChangesAsync();

    public Task<IReadOnlyList<StoredModel>> ReadModelsAsync() => Inner.ReadModelsAsync();

    public Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) => Inner.RegisterModelAsync(name, version, source, trees, reasons);

    public Task<byte[]> ReadTreesAsync(int number) => Inner.ReadTreesAsync(number);

    public Task PutModelInForceAsync(RuleSetChange change) => Inner.PutModelInForceAsync(change);

    public Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync() => Inner.ReadModelChangesAsync();

    public Task<long> ChangeListAsync(string list, string owner, IReadOnlyList<StoredListEntry> changes) => Inner.ChangeListAsync(list, owner, changes);

    public Task<StoredLists> ReadListsAsync(long? version = null) => Inner.ReadListsAsync(version);

    public Task<IReadOnlyList<StoredListEntry>> ReadListAsync(string list, string? after, int max) => Inner.ReadListAsync(list, after, max);

    public Task PutShadowAsync(StoredShadow shadow) => Inner.PutShadowAsync(shadow);

    public Task<bool> RemoveShadowAsync(string name) => Inner.RemoveShadowAsync(name);

    public Task<IReadOnlyList<StoredShadow>> ReadShadowsAsync() => Inner.ReadShadowsAsync();

    public Task<string?> ReadSettingAsync(string name) => Inner.ReadSettingAsync(name);

    public Task WriteSettingAsync(string name, string value) => Inner.WriteSettingAsync(name, value);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
