using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>
/// A journal in memory that does its work when the test says so, and fails when the test says so. It passes the contract tests, so what holds against it
/// holds against the real ones.
/// </summary>
internal partial class SimulatedJournal : IJournal
{
    private readonly SimulatedStore _store;
    private readonly bool _isImmediate;
    private readonly Queue<JournalBatch> _submitted = new();
    private readonly Queue<JournalReads> _reads = new();
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private IJournalSink? _sink;
    private bool _isClosed;

    /// <param name="isImmediate">Whether everything is done at once, without waiting for the test.</param>
    public SimulatedJournal(SimulatedStore store, bool isImmediate = false)
    {
        _store = store;
        _isImmediate = isImmediate;
        store.RuleSets.ForEach(set => Catalog.Add(set.Set));
        store.Models.ForEach(model => Catalog.Add(model.Set));
    }

    public ReasonCatalog Catalog { get; } = new();

    /// <summary>Whether the next commit fails.</summary>
    public Func<bool> CommitFails { get; set; } = static () => false;

    /// <summary>Whether the next read fails.</summary>
    public Func<bool> ReadFails { get; set; } = static () => false;

    public virtual bool HasCommits => _submitted.Count > 0;

    public virtual bool HasReads => _reads.Count > 0;

    /// <summary>Commits the batches that wait, at most <paramref name="max"/>, as one group; where the commit fails, none that stores something is stored.</summary>
    public virtual void CommitGroup(int max)
    {
        var fails = false;
        for (; max > 0 && _submitted.TryDequeue(out var batch); max--)
        {
            fails |= batch.HasWrites && CommitFails();
            if (HasFailedBefore(batch) || (batch.HasWrites && (fails || !TryStore(batch))))
            {
                Fail(batch, new IOException("simulated"));
            }
            else
            {
                Release(batch);
            }
        }
    }

    public virtual void AnswerOne()
    {
        var reads = _reads.Dequeue();
        var failure = ReadFails() ? new IOException("simulated") : null;
        foreach (var recovery in reads.Recoveries)
        {
            recovery.Failure = failure;
            Recover(recovery);
        }

        foreach (var lookup in reads.Lookups)
        {
            lookup.Failure = failure;
            LookUp(lookup);
        }

        foreach (var recovery in reads.Entities)
        {
            recovery.Failure = failure;
            recovery.Horizon = Horizon;
            Recover(recovery);
        }

        _sink!.Answered(reads);
    }

    public void Start(IJournalSink sink) => _sink = sink;

    public virtual void Submit(JournalBatch batch)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        batch.State = BatchState.Submitted;
        _submitted.Enqueue(batch);
        if (_isImmediate)
        {
            CommitGroup(1);
            while (HasReads)
            {
                AnswerOne();
            }
        }
    }

    public string Pin(string setting, string value)
    {
        _store.Settings.TryAdd(setting, value);
        return _store.Settings[setting];
    }

    public Task<IReadOnlyList<StoredEntry>> ReadEntriesAsync(byte[] accountId, long before, int max) =>
        Task.FromResult<IReadOnlyList<StoredEntry>>(
            [.. RowsOf(accountId).Where(row => row.Sequence < before).OrderByDescending(row => row.Sequence).Take(max).Select(row => new StoredEntry(row.Sequence, row.Entry))]);

    /// <summary>Until it ends, no entry is found.</summary>
    public Task Finding { get; set; } = Task.CompletedTask;

    public async Task<StoredEntry?> FindEntryAsync(byte[] accountId, ulong idHash, byte[] transactionId)
    {
        await Finding;
        var decided = new TransactionDecided();
        foreach (var row in RowsOf(accountId).Where(row => row.IdHash == idHash && row.IsTransaction))
        {
            EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
            if (decided.Transaction.TransactionId.SequenceEqual(transactionId))
            {
                return new StoredEntry(row.Sequence, row.Entry);
            }
        }

        return null;
    }

    public Task<IReadOnlyList<JournalRow>> ScanAsync(long after, int max) =>
        Task.FromResult<IReadOnlyList<JournalRow>>(
            [.. _store.Rows.Where(row => row.Position > after && row.Position < Visible).Take(max).Select(row => new JournalRow(row.Position, row.AccountId, row.Sequence, row.Entry))]);

    public Task<IReadOnlyList<StoredAlert>> ReadAlertsAsync(byte[]? accountId, long after, int max) => ReadFails()
        ? Task.FromException<IReadOnlyList<StoredAlert>>(new IOException("simulated"))
        : Task.FromResult<IReadOnlyList<StoredAlert>>(
            [.. Alerts().Where(row => row.Position > after && (accountId is null || row.AccountId.SequenceEqual(accountId))).Take(max).Select(ToAlert)]);

    public Task<long?> FindAlertAsync(AlertId id) => Task.FromResult(Alerts().FirstOrDefault(row => row.AlertId == id)?.Position);

    public Task<long> NewestAlertAsync() => Task.FromResult(Alerts().LastOrDefault()?.Position ?? 0);

    public Task<JournalSize> MeasureAsync() =>
        Task.FromResult(new JournalSize(
            _store.Rows.Count(row => row.IsTransaction), _store.ByAccount.Count, Alerts().Count(), _store.Poison.Count, _store.Rows.Count(row => row.Labelled > 0)));

    /// <summary>From then on a batch that comes all the same is a fault of whoever submits it.</summary>
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Of a shared store; 0 else.</summary>
    protected virtual long Horizon => 0;

    /// <summary>What pages by position gives only what stands below.</summary>
    private long Visible => Horizon == 0 ? long.MaxValue : Horizon;

    protected virtual long NextPosition() => _store.Rows.Count + 1;

    protected IJournalSink Sink => _sink!;

    private static string Name(byte[] accountId) => Encoding.UTF8.GetString(accountId);

    private static StoredAlert ToAlert(SimulatedStore.StoredRow row)
    {
        var decided = new TransactionDecided();
        EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
        return new StoredAlert(row.Position, decided.Transaction, decided.Decision, row.CommittedTicks);
    }

    private IEnumerable<SimulatedStore.StoredRow> Alerts() => _store.Rows.Where(row => row.AlertId != default && row.Position < Visible);

    private List<SimulatedStore.StoredRow> RowsOf(byte[] accountId) => _store.ByAccount.TryGetValue(Name(accountId), out var rows) ? rows : [];

    protected bool HasFailedBefore(JournalBatch batch) => _failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed;

    protected void Fail(JournalBatch batch, Exception reason)
    {
        _failedIncarnations[batch.Shard] = batch.Incarnation;
        batch.State = BatchState.Failed;
        _sink!.Failed(batch, reason);
    }

    protected void Release(JournalBatch batch)
    {
        var (reads, patientReads) = (batch.Reads, batch.PatientReads);
        batch.State = BatchState.Durable;
        _sink!.Durable(batch);
        if (reads is not null)
        {
            _reads.Enqueue(reads);
        }

        if (patientReads is not null)
        {
            _reads.Enqueue(patientReads);
        }
    }

    protected bool TryStore(JournalBatch batch)
    {
        var keys = new HashSet<(string, long)>();
        foreach (ref readonly var append in batch.Appends)
        {
            var sequence = append.Sequence;
            if (RowsOf(append.Account.Id).Exists(row => row.Sequence == sequence) || !keys.Add((Name(append.Account.Id), sequence)))
            {
                return false;
            }
        }

        Store(batch);
        return true;
    }

    private void Store(JournalBatch batch)
    {
        var committed = Clock.GetUtcNow().UtcTicks;
        foreach (ref readonly var append in batch.Appends)
        {
            var account = Name(append.Account.Id);
            if (!_store.ByAccount.TryGetValue(account, out var rows))
            {
                _store.ByAccount.Add(account, rows = []);
            }

            append.Account.Number = 1 + _store.ByAccount.Keys.ToList().IndexOf(account);
            var row = new SimulatedStore.StoredRow(
                NextPosition(), append.Account.Id, append.Sequence, append.IdHash, batch.Entry(append).ToArray(), append.AlertId, append.Labelled, append.IsFraud,
                committed);
            _store.Rows.Insert(_store.Rows.FindLastIndex(other => other.Position < row.Position) + 1, row);
            rows.Add(row);
            AddToEntities(row);
            batch.Positions.Add(row.Position);
        }

        foreach (ref readonly var snapshot in batch.Snapshots)
        {
            _store.Snapshots[Name(snapshot.Account.Id)] = (snapshot.Sequence, snapshot.State);
        }

        foreach (ref readonly var snapshot in batch.EntitySnapshots)
        {
            Store(snapshot);
        }

        StoreDocuments(batch);
        _store.Poison.AddRange(batch.Poison);
    }

    private void Recover(Recovery recovery)
    {
        var account = Name(recovery.Account.Id);
        if (!_store.ByAccount.TryGetValue(account, out var rows))
        {
            return;
        }

        recovery.Account.Number = 1 + _store.ByAccount.Keys.ToList().IndexOf(account);
        var after = 0L;
        if (!recovery.FromStart && _store.Snapshots.TryGetValue(account, out var snapshot))
        {
            recovery.Snapshot = snapshot.State;
            after = snapshot.Sequence;
        }

        var older = recovery.OlderThanTicks == long.MinValue ? 0 : rows.FindLastIndex(row => row.IsTransaction && EntryCodec.EventTimeOf(row.Entry) < recovery.OlderThanTicks);
        recovery.Entries.AddRange(rows.Skip(Math.Max(0, older)).Where(row => row.Sequence > after).Select(row => new StoredEntry(row.Sequence, row.Entry)));
    }

    private void LookUp(Lookup lookup)
    {
        if (lookup.WithDocument is { } named)
        {
            lock (_store.Gate)
            {
                lookup.Document = _store.Documents.GetValueOrDefault(named);
            }
        }

        foreach (var row in RowsOf(lookup.Account.Id).Where(row => row.IdHash == lookup.IdHash && row.IsTransaction))
        {
            if (ToAlert(row).Transaction.TransactionId.SequenceEqual(lookup.TransactionId))
            {
                lookup.Found = new StoredEntry(row.Sequence, row.Entry);
                lookup.IsFraud = lookup.WithLabel ? RowsOf(lookup.Account.Id).LastOrDefault(label => label.Labelled == row.Sequence)?.IsFraud : null;
            }
        }
    }
}
