using System.Buffers;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>A journal in use by one shard: fills batches, submits them, and waits for what becomes of them.</summary>
internal sealed class JournalSession : IJournalSink, IAsyncDisposable
{
    // Of a shared journal, that the tests use.
    private const int ShardsTaken = 3;

    private readonly Lock _gate = new();
    private readonly int _ruleSet;
    private readonly Dictionary<string, AccountRef> _accounts = [];
    private readonly Dictionary<string, long> _sequences = [];
    private int _durable;
    private int _failed;
    private int _answered;

    private JournalSession(IJournal journal, int ruleSet)
    {
        Journal = journal;
        _ruleSet = ruleSet;
        journal.Start(this);
        Batch = new JournalBatch();
    }

    public IJournal Journal { get; }

    public JournalBatch Batch { get; private set; }

    public int Shard { get; set; }

    public int Incarnation { get; set; }

    public List<JournalBatch> Durable { get; } = [];

    /// <summary>Why batches failed.</summary>
    public List<Exception> Reasons { get; } = [];

    /// <summary>Why something could not be read.</summary>
    public List<Exception> Failures { get; } = [];

    /// <param name="kinds">The entities that the journal is to be indexed by; as it was before where there are none.</param>
    public static Task<JournalSession> StartAsync(IJournal journal, params EntityKind[] kinds) => StartAsync(journal, Enumerable.Range(0, ShardsTaken), kinds);

    /// <param name="shards">Of a shared journal, to be taken.</param>
    public static async Task<JournalSession> StartAsync(IJournal journal, IEnumerable<int> shards, params EntityKind[] kinds)
    {
        if (kinds.Length > 0)
        {
            journal.IndexEntities(kinds.ToHashSet());
        }

        var session = new JournalSession(journal, await ((IRuleStore)journal).RegisterAsync("test", 1, "", []));
        foreach (var shard in journal is IShardLocks ? shards : [])
        {
            Assert.True(await ((IShardLocks)journal).TryTakeAsync(shard));
        }

        return session;
    }

    public byte[] Append(string account, params string[] ids) => Append(account, alert: false, ids);

    public byte[] Append(string account, bool alert, params string[] ids)
    {
        byte[] entry = [];
        foreach (var id in ids)
        {
            var sequence = _sequences[account] = _sequences.GetValueOrDefault(account) + 1;
            entry = AppendAt(account, sequence, id, alert);
        }

        return entry;
    }

    /// <summary>Appends a transaction that names entities.</summary>
    public byte[] AppendNaming(string account, string id, params (EntityKind Kind, string Id)[] entities)
    {
        var sequence = _sequences[account] = _sequences.GetValueOrDefault(account) + 1;
        return AppendAt(account, sequence, id, entities: entities);
    }

    public byte[] AppendAt(string account, long sequence, string id, bool alert = false, long ticks = 0, params (EntityKind Kind, string Id)[] entities)
    {
        var decided = new TransactionDecided { Sequence = sequence, Transaction = NewTransaction(account, id, ticks, entities) };
        decided.Decision.RuleSetNumber = _ruleSet;
        var start = Batch.Bytes.WrittenCount;
        EntryCodec.Write(Batch.Bytes, decided);
        Batch.Append(RefOf(account), sequence, Hash64.Of(Encoding.UTF8.GetBytes(id)), start, alert ? AlertId.Of(decided.Transaction) : default);
        return Batch.Bytes.WrittenSpan[start..].ToArray();
    }

    /// <summary>Appends a label as the account's next entry.</summary>
    public byte[] Label(string account, long labelled, string id, bool isFraud, params (EntityKind Kind, string Id)[] entities)
    {
        var sequence = _sequences[account] = _sequences.GetValueOrDefault(account) + 1;
        return LabelAt(account, sequence, labelled, id, isFraud, entities);
    }

    public byte[] LabelAt(string account, long sequence, long labelled, string id, bool isFraud, params (EntityKind Kind, string Id)[] entities)
    {
        var label = new TransactionLabelled();
        label.Label(NewTransaction(account, id, ticks: 0, entities), labelled, isFraud);
        var start = Batch.Bytes.WrittenCount;
        LabelCodec.Write(Batch.Bytes, label);
        Batch.AppendLabel(RefOf(account), sequence, Hash64.Of(Encoding.UTF8.GetBytes(id)), start, labelled, isFraud);
        return Batch.Bytes.WrittenSpan[start..].ToArray();
    }

    /// <summary>Appends a change as the account's next entry.</summary>
    public byte[] Change(string account, byte what)
    {
        var sequence = _sequences[account] = _sequences.GetValueOrDefault(account) + 1;
        return ChangeAt(account, sequence, what);
    }

    public byte[] ChangeAt(string account, long sequence, byte what)
    {
        var start = Batch.Bytes.WrittenCount;
        Batch.Bytes.Write([ChangeCodec.Format, what]);
        Batch.AppendChange(RefOf(account), sequence, start);
        return [ChangeCodec.Format, what];
    }

    public void EntitySnapshot(EntityKind kind, string id, long position, params byte[] state) =>
        Batch.AddEntitySnapshot(EntityKey.Of(kind, Encoding.UTF8.GetBytes(id)), position, state);

    public EntityRecovery RecoverEntity(EntityKind kind, string id, bool fromStart = false, bool isPatient = false)
    {
        var recovery = new EntityRecovery(EntityKey.Of(kind, Encoding.UTF8.GetBytes(id))) { FromStart = fromStart };
        var reads = isPatient ? Batch.PatientReads ??= NewReads() : Reads();
        reads.Entities.Add(recovery);
        return recovery;
    }

    public void Snapshot(string account, long sequence, byte[] state) => Batch.AddSnapshot(RefOf(account), sequence, state);

    public Recovery Recover(string account, bool fromStart = false, long olderThanTicks = long.MinValue, bool isPatient = false)
    {
        var recovery = new Recovery(new AccountRef(Encoding.UTF8.GetBytes(account))) { FromStart = fromStart, OlderThanTicks = olderThanTicks };
        var reads = isPatient ? Batch.PatientReads ??= NewReads() : Reads();
        reads.Recoveries.Add(recovery);
        return recovery;
    }

    public Lookup LookUp(string account, string id, string? hashOf = null, bool withLabel = false, string? withCase = null)
    {
        var lookup = new Lookup(RefOf(account), Hash64.Of(Encoding.UTF8.GetBytes(hashOf ?? id)), Encoding.UTF8.GetBytes(id))
        {
            WithLabel = withLabel,
            WithDocument = withCase is null ? null : (DocumentKind.Case, withCase),
        };
        Reads().Lookups.Add(lookup);
        return lookup;
    }

    /// <summary>Goes on after what an earlier session stored, as an engine does that has recovered its accounts.</summary>
    public async Task ContinueAsync(Dictionary<string, long> accounts)
    {
        foreach (var (account, sequence) in accounts)
        {
            _sequences[account] = sequence;
            var recovery = Recover(account);
            _accounts[account] = recovery.Account;
        }

        if (accounts.Count > 0)
        {
            await ReadAsync();
        }
    }

    /// <summary>A new incarnation knows no account numbers.</summary>
    public void ForgetAccounts() => _accounts.Clear();

    public JournalBatch Submit()
    {
        var batch = Batch;
        batch.Shard = Shard;
        batch.Incarnation = Incarnation;
        Batch = new JournalBatch();
        Journal.Submit(batch);
        return batch;
    }

    public async Task<JournalBatch> SubmitAsync()
    {
        var batch = Submit();
        await Eventually.ThatAsync(() => batch.State == BatchState.Durable, "the batch was durable");
        return batch;
    }

    public async Task ReadAsync()
    {
        var before = Volatile.Read(ref _answered);
        Submit();
        await UntilAnsweredAsync(before + 1);
        Assert.Empty(Failures);
    }

    public Task UntilDurableAsync(int batches) => Eventually.ThatAsync(() => Volatile.Read(ref _durable) == batches, $"{batches} batches were durable");

    public Task UntilFailedAsync(int batches) => Eventually.ThatAsync(() => Volatile.Read(ref _failed) == batches, $"{batches} batches had failed");

    public Task UntilAnsweredAsync(int reads) => Eventually.ThatAsync(() => Volatile.Read(ref _answered) == reads, $"{reads} reads were answered");

    public async Task<IEnumerable<string>> EntriesAsync(string account)
    {
        var id = Encoding.UTF8.GetBytes(account);
        var entries = await Journal.ReadEntriesAsync(id, long.MaxValue, 1000);
        return entries.Select(entry =>
        {
            var decided = new TransactionDecided();
            EntryCodec.Read(entry.Bytes, id, entry.Sequence, decided);
            return decided.Transaction.TextString(TransactionField.TransactionId);
        });
    }

    public ValueTask DisposeAsync() => Journal.DisposeAsync();

    void IJournalSink.Durable(JournalBatch batch)
    {
        lock (_gate)
        {
            Durable.Add(batch);
        }

        Interlocked.Increment(ref _durable);
    }

    void IJournalSink.Failed(JournalBatch batch, Exception reason)
    {
        lock (_gate)
        {
            Reasons.Add(reason);
        }

        Interlocked.Increment(ref _failed);
    }

    void IJournalSink.Answered(JournalReads reads)
    {
        lock (_gate)
        {
            Failures.AddRange(reads.Recoveries.Select(recovery => recovery.Failure)
                .Concat(reads.Lookups.Select(lookup => lookup.Failure))
                .Concat(reads.Entities.Select(recovery => recovery.Failure))
                .OfType<Exception>());
        }

        Interlocked.Increment(ref _answered);
    }

    private static Transaction NewTransaction(string account, string id, long ticks, (EntityKind Kind, string Id)[] entities)
    {
        var transaction = new Transaction { TimestampTicks = ticks };
        transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account));
        foreach (var (kind, entity) in entities)
        {
            transaction.SetText(EntityKinds.FieldOf(kind), Encoding.UTF8.GetBytes(entity));
        }

        return transaction;
    }

    private JournalReads Reads() => Batch.Reads ??= NewReads();

    private JournalReads NewReads() => new() { Shard = Shard, Incarnation = Incarnation };

    private AccountRef RefOf(string account)
    {
        if (!_accounts.TryGetValue(account, out var reference))
        {
            _accounts.Add(account, reference = new AccountRef(Encoding.UTF8.GetBytes(account)));
        }

        return reference;
    }
}
