using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The journal in one SQLite file (WAL, <c>synchronous=FULL</c>). One thread writes: it stores all batches that wait as one commit, so under load a
/// commit's cost is shared by many transactions and a lone one does not wait. Another thread reads what shards wait for, and a third what may take long.
/// </summary>
public sealed partial class SqliteJournal : IJournal
{
    // Bounds how long a commit takes, and so how long an answer waits for the ones before it.
    private const int GroupAppendsMax = 16_384;

    private const int TailRowsMaxDefault = 200_000;

    // Busy accounts are many: their segments are written early, so that few rows wait.
    private const int SegmentRows = 16;

    private readonly FileStream _lock;
    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly SqliteConnection _scanning;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private readonly SqliteReader _patientReader;
    private readonly SqliteRuleWriter _ruleWriter;
    private readonly SqliteScanner _scanner;
    private readonly SqliteAlerts _alerts;
    private readonly Lock _writerGate = new();
    private readonly WorkerThread<Writing> _writerThread;
    private readonly WorkerThread<Action> _readerThread;
    private readonly WorkerThread<Action> _scannerThread;
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private readonly List<JournalBatch> _group = [];
    private IJournalSink? _sink;

    /// <param name="location">A directory or a file, as <see cref="SqliteLocation"/> has it; made where it does not exist. One engine at a time.</param>
    /// <param name="tailRowsMax">Rows that are indexed in memory only, and read again at the start.</param>
    public SqliteJournal(string location, int tailRowsMax = TailRowsMaxDefault)
    {
        var path = SqliteLocation.FileOf(location);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            _lock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException reason)
        {
            throw new IOException(
                $"The journal '{path}' is in use by another engine. Stop that one, or give this one a directory of its own (--Storage:ConnectionString DIRECTORY).",
                reason);
        }

        _writing = new SqliteConnection(path);
        _writing.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536");
        SqliteSchema.Migrate(_writing);
        var index = new JournalIndex<IndexedRow>(tailRowsMax, SegmentRows);
        var entities = new EntityIndex(tailRowsMax);
        _writer = new SqliteWriter(_writing, index, entities);
        _reading = new SqliteConnection(path);
        _reading.Execute("PRAGMA cache_size = -32768");
        _reader = new SqliteReader(_reading, index, entities);
        _ruleWriter = new SqliteRuleWriter(_writing);
        _scanning = new SqliteConnection(path);
        _scanner = new SqliteScanner(_scanning);
        _alerts = new SqliteAlerts(_scanning);
        _patientReader = new SqliteReader(_scanning, index, entities);
        LoadCatalog();
        _writerThread = new WorkerThread<Writing>("journal writer", WriteAll);
        _readerThread = new WorkerThread<Action>("journal reader", RunAll);
        _scannerThread = new WorkerThread<Action>("journal scanner", RunAll);
    }

    public ReasonCatalog Catalog { get; } = new();

    public string Pin(string setting, string value)
    {
        lock (_writerGate)
        {
            return _writer.Pin(setting, value);
        }
    }

    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null)
    {
        lock (_writerGate)
        {
            _writer.IndexEntities(kinds, progress);
        }
    }

    public void Start(IJournalSink sink) => _sink = sink;

    public void Submit(JournalBatch batch)
    {
        batch.State = BatchState.Submitted;
        _writerThread.Enqueue(new Writing(batch, null));
    }

    public Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max) => Scan(() => _patientReader.Entries(accountId, before, max));

    public Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId) =>
        Scan(() => _patientReader.Find(accountId, idHash, transactionId));

    public Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) =>
        Scan(() => _patientReader.Labels(accountId, from, before));

    public Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max) => Scan(() => _scanner.Scan(after, max));

    public Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max) =>
        Scan(() => _alerts.Read(accountId, after, max));

    public Task<long?> FindAlertAsync(AlertId id) => Scan(() => _alerts.Find(id));

    public Task<long> NewestAlertAsync() => Scan(_alerts.Newest);

    public Task<JournalSize> MeasureAsync() => Scan(_scanner.Measure);

    public ValueTask DisposeAsync()
    {
        // The writer first: what it commits may still ask the reader.
        _writerThread.Dispose();
        _readerThread.Dispose();
        _scannerThread.Dispose();
        _reader.Dispose();
        _patientReader.Dispose();
        _reading.Dispose();
        _scanning.Dispose();
        _writer.Dispose();
        _writing.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteAll(List<Writing> waiting)
    {
        // The transactions first, all together: a change of rules or lists parts no group of them.
        _group.Clear();
        var appends = 0;
        foreach (var (batch, _) in waiting)
        {
            if (batch is null)
            {
                continue;
            }

            _group.Add(batch);
            appends += batch.Appends.Length;
            if (appends >= GroupAppendsMax)
            {
                CommitGroup();
                _group.Clear();
                appends = 0;
            }
        }

        if (_group.Count > 0)
        {
            CommitGroup();
        }

        foreach (var (_, change) in waiting)
        {
            change?.Invoke();
        }
    }

    private void CommitGroup()
    {
        if (!_group.Exists(HasFailedBefore) && TryCommit(_group, out _))
        {
            _group.ForEach(Release);
            return;
        }

        // Something in the group can't be stored. One by one, so that only the shard which it belongs to has to restart.
        foreach (var batch in _group)
        {
            Exception? reason = null;
            if (HasFailedBefore(batch) || (batch.HasWrites && !TryCommit([batch], out reason)))
            {
                _failedIncarnations[batch.Shard] = batch.Incarnation;
                batch.State = BatchState.Failed;
                _sink!.Failed(batch, reason ?? new IOException("An earlier batch of this shard could not be stored."));
            }
            else
            {
                Release(batch);
            }
        }
    }

    private bool HasFailedBefore(JournalBatch batch) => _failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed;

    private bool TryCommit(IReadOnlyList<JournalBatch> group, out Exception? reason)
    {
        reason = null;
        try
        {
            lock (_writerGate)
            {
                if (group.Any(static batch => batch.HasWrites))
                {
                    _writer.Commit(group);
                }
            }

            return true;
        }
        catch (IOException failure)
        {
            reason = failure;
            return false;
        }
    }

    private void Release(JournalBatch batch)
    {
        // The shard may use the batch again as soon as it is told.
        var (reads, patientReads) = (batch.Reads, batch.PatientReads);
        batch.State = BatchState.Durable;
        _sink!.Durable(batch);
        Answer(_readerThread, _reader, reads);
        Answer(_scannerThread, _patientReader, patientReads);
    }

    private void Answer(WorkerThread<Action> thread, SqliteReader reader, JournalReads? reads)
    {
        if (reads is not null)
        {
            thread.Enqueue(() =>
            {
                reader.Answer(reads);
                _sink!.Answered(reads);
            });
        }
    }

    private static void RunAll(List<Action> work)
    {
        foreach (var action in work)
        {
            action();
        }
    }

    private Task<T> Scan<T>(Func<T> query) => Run(_scannerThread.Enqueue, query);

    private Task<T> Write<T>(Func<T> change) => Run(
        work => _writerThread.Enqueue(new Writing(null, work)),
        () =>
        {
            lock (_writerGate)
            {
                return change();
            }
        });

    private Task<bool> Write(Action change) => Write(() =>
    {
        change();
        return true;
    });

    private static Task<T> Run<T>(Action<Action> enqueue, Func<T> work)
    {
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        enqueue(() =>
        {
            try
            {
                source.SetResult(work());
            }
            catch (Exception reason) when (reason is IOException or InvalidDataException)
            {
                source.SetException(reason);
            }
        });
        return source.Task;
    }

    /// <summary>What the writing thread does: commit a batch, in a group with others, or else a change of rules, lists or settings.</summary>
    private readonly record struct Writing(JournalBatch? Batch, Action? Change);
}
