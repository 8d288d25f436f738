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

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
