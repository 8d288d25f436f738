using System.Diagnostics.CodeAnalysis;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The journal in one SQLite file (WAL, <c>synchronous=FULL</c>). One thread writes: it stores all batches that wait as one commit, so under load a
/// commit's cost is shared by many transactions and a lone one does not wait. Another thread reads what shards wait for, a third what may take long, and a
/// fourth alerts and what is about them, so that nobody gets an alert later because somebody reads the whole journal.
/// </summary>
public sealed partial class SqliteJournal : IJournal
{
    // Bounds how long a commit takes, and so how long an answer waits for the ones before it.
    private const int GroupAppendsMax = 16_384;

    // Deliveries that one commit may take along: some milliseconds, for which transactions wait.
    private const int GroupDeliveriesMax = 200;

    // Read again at the start, in about half a second; some 30 MB where accounts and entities are many.
    private const int TailRowsMaxDefault = 500_000;

    private readonly FileStream _lock;
    private readonly SqliteConnection _writing;
    private readonly SqliteConnection _reading;
    private readonly SqliteConnection _scanning;
    private readonly SqliteConnection _outbox;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private readonly SqliteReader _patientReader;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly SqliteRuleWriter _ruleWriter;
    private readonly SqliteScanner _scanner;
    private readonly SqliteAlerts _alerts;
    private readonly SqliteDocuments _documents;
    private readonly SqliteDeliveries _deliveries;
    private readonly Lock _writerGate = new();
    private readonly WorkerThread<Writing> _writerThread;
    private readonly WorkerThread<Action> _readerThread;
    private readonly WorkerThread<Action> _scannerThread;
    private readonly WorkerThread<Action> _outboxThread;
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private readonly List<JournalBatch> _group = [];
    private readonly Queue<DeliveryWrite> _waitingDeliveries = new();
    private readonly List<DeliveryWrite> _groupDeliveries = [];
    private readonly LocalLeases _leases = new();
    private IJournalSink? _sink;

    /// <param name="location">A directory or a file, as <see cref="SqliteLocation"/> has it; made where it does not exist. One engine at a time.</param>
    /// <param name="tailRowsMax">Rows that are indexed in memory only, and read again at the start.</param>
    /// <param name="clock">Says when alerts are stored; the system's where it is null.</param>
    public SqliteJournal(string location, int tailRowsMax = TailRowsMaxDefault, TimeProvider? clock = null)
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

        // Larger pages than SQLite's 4096 bytes: fewer frames to a commit. A journal that exists keeps what it has.
        _writing.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");
        _writing.Execute($"PRAGMA wal_autocheckpoint = {SqliteCheckpointer.PagesMax}");
        SqliteSchema.Migrate(_writing);
        var index = new JournalIndex<IndexedRow>(tailRowsMax, IndexedRow.SegmentRows);
        var entities = new EntityIndex(tailRowsMax);
        _writer = new SqliteWriter(_writing, index, entities, clock ?? TimeProvider.System);
        _reading = new SqliteConnection(path);
        _reading.Execute("PRAGMA cache_size = -32768");
        _reader = new SqliteReader(_reading, index, entities);
        _checkpointer = new SqliteCheckpointer(path, _writing);
        _ruleWriter = new SqliteRuleWriter(_writing);
        _scanning = new SqliteConnection(path);
        _scanner = new SqliteScanner(_scanning);
        _patientReader = new SqliteReader(_scanning, index, entities);
        _outbox = new SqliteConnection(path);
        _outbox.Execute("PRAGMA cache_size = -16384");
        _alerts = new SqliteAlerts(_outbox);
        _documents = new SqliteDocuments(_outbox);
        _deliveries = new SqliteDeliveries(_outbox);
        LoadCatalog();
        _writerThread = new WorkerThread<Writing>("journal writer", WriteAll);
        _readerThread = new WorkerThread<Action>("journal reader", RunAll);
        _scannerThread = new WorkerThread<Action>("journal scanner", RunAll);
        _outboxThread = new WorkerThread<Action>("journal outbox", RunAll);
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
        _writerThread.Enqueue(new Writing(batch, null, null));
    }

    public Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max) => Scan(() => _patientReader.Entries(accountId, before, max));

    public Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId) =>
        Scan(() => _patientReader.Find(accountId, idHash, transactionId));

    public Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) =>
        Scan(() => _patientReader.Labels(accountId, from, before));

    public Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max) => Scan(() => _scanner.Scan(after, max));

    public Task<JournalSize> MeasureAsync() => Scan(_scanner.Measure);

    public ValueTask DisposeAsync()
    {
        // The writer first: what it commits may still ask the reader.
        _writerThread.Dispose();
        while (_waitingDeliveries.Count > 0)
        {
            _group.Clear();
            CommitGroup();
        }

        _readerThread.Dispose();
        _scannerThread.Dispose();
        _outboxThread.Dispose();
        _documents.Dispose();
        _deliveries.Dispose();
        _outbox.Dispose();
        _reader.Dispose();
        _patientReader.Dispose();
        _reading.Dispose();
        _scanning.Dispose();
        _checkpointer.Dispose();
        _writer.Dispose();
        _writing.Dispose();
        _checkpointer.CloseFile();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteAll(List<Writing> waiting)
    {
        // The transactions first, all together: a change of rules or lists parts no group of them.
        _group.Clear();
        var appends = 0;
        foreach (var (batch, _, deliveries) in waiting)
        {
            if (deliveries is not null)
            {
                _waitingDeliveries.Enqueue(deliveries);
            }

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

        if (_group.Count > 0 || _waitingDeliveries.Count > 0)
        {
            CommitGroup();
        }

        foreach (var (_, change, _) in waiting)
        {
            change?.Invoke();
        }

        Checkpoint();
        if (_waitingDeliveries.Count > 0)
        {
            // What has come meanwhile goes first.
            _writerThread.TryEnqueue(default);
        }
    }

    /// <summary>Commits the group, and with it deliveries that wait.</summary>
    private void CommitGroup()
    {
        TakeDeliveries();
        if ((_failedIncarnations.Count == 0 || !_group.Exists(HasFailedBefore)) && TryCommit(_group, _groupDeliveries, out _))
        {
            foreach (var batch in _group)
            {
                Release(batch);
            }

            _groupDeliveries.ForEach(static deliveries => deliveries.Succeed());
            return;
        }

        // Something in the group can't be stored. One by one, so that only the shard which it belongs to has to restart.
        foreach (var batch in _group)
        {
            Exception? reason = null;
            if (HasFailedBefore(batch) || (batch.HasWrites && !TryCommit([batch], [], out reason)))
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

        foreach (var deliveries in _groupDeliveries)
        {
            if (TryCommit([], [deliveries], out var reason))
            {
                deliveries.Succeed();
            }
            else
            {
                deliveries.Fail(reason);
            }
        }
    }

    /// <summary>In the order in which they came, so that of two for the same channel the later one counts.</summary>
    private void TakeDeliveries()
    {
        _groupDeliveries.Clear();
        for (var rows = 0; rows < GroupDeliveriesMax && _waitingDeliveries.TryDequeue(out var deliveries); rows += deliveries.Changed.Count)
        {
            _groupDeliveries.Add(deliveries);
        }
    }

    private void Checkpoint()
    {
        try
        {
            lock (_writerGate)
            {
                _checkpointer.Advance();
            }
        }
        catch (IOException)
        {
            // The log keeps what could not be moved, and the next checkpoint moves it.
        }
    }

    private bool HasFailedBefore(JournalBatch batch) => _failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed;

    private bool TryCommit(List<JournalBatch> group, List<DeliveryWrite> deliveries, [NotNullWhen(false)] out Exception? reason)
    {
        reason = null;
        try
        {
            lock (_writerGate)
            {
                if (deliveries.Count > 0 || group.Exists(static batch => batch.HasWrites))
                {
                    _writer.Commit(group, deliveries);
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
        if (reads is not null)
        {
            Answer(_readerThread, _reader, reads);
        }

        if (patientReads is not null)
        {
            Answer(_scannerThread, _patientReader, patientReads);
        }
    }

    private void Answer(WorkerThread<Action> thread, SqliteReader reader, JournalReads reads) => thread.Enqueue(() =>
    {
        reader.Answer(reads);
        _sink!.Answered(reads);
    });

    private static void RunAll(List<Action> work)
    {
        foreach (var action in work)
        {
            action();
        }
    }

    private Task<T> Scan<T>(Func<T> query) => Run(_scannerThread.Enqueue, query);

    private Task<T> ReadOutbox<T>(Func<T> query) => Run(_outboxThread.Enqueue, query);

    private Task<T> Write<T>(Func<T> change) => Run(
        work => _writerThread.Enqueue(new Writing(null, work, null)),
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

    /// <summary>What the writing thread does: commit a batch or deliveries, in a group with others, or else a change of rules, lists, settings or documents.</summary>
    private readonly record struct Writing(JournalBatch? Batch, Action? Change, DeliveryWrite? Deliveries);
}
