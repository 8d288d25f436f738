using System.Buffers;
using System.Runtime.InteropServices;
using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>One decided transaction, or one label, to be stored; its entry stands in the batch's bytes.</summary>
/// <param name="IdHash"><see cref="Hash64"/> of the transaction id, by which a resend is found.</param>
/// <param name="AlertId">Default where it raises none.</param>
/// <param name="Labelled">The sequence number of the transaction that the entry labels; 0 where the entry is a transaction itself.</param>
/// <param name="IsFraud">What the label says.</param>
/// <param name="IsChange">Whether the entry is neither a transaction nor a label: it is not counted, and never found by <paramref name="IdHash"/>.</param>
public readonly record struct JournalAppend(
    AccountRef Account, long Sequence, ulong IdHash, int Start, int Length, AlertId AlertId, long Labelled = 0, bool IsFraud = false, bool IsChange = false);

/// <summary>The state of an entity other than an account up to a journal position, to be stored in place of an earlier one.</summary>
/// <param name="Key">As <see cref="EntityKey"/> writes it.</param>
public readonly record struct EntitySnapshotWrite(byte[] Key, long Position, byte[] State);

/// <summary>The state of an account after <paramref name="Sequence"/>, to be stored in place of an earlier one.</summary>
public readonly record struct SnapshotWrite(AccountRef Account, long Sequence, byte[] State);

/// <summary>A transaction that could not be decided, to be kept for whoever looks into it.</summary>
public readonly record struct PoisonRecord(byte[] AccountId, byte[] TransactionId, string Reason);

/// <summary>How far a batch has come.</summary>
public enum BatchState
{
    None,
    Submitted,
    Durable,
    Failed,
}

/// <summary>
/// What one shard hands to the journal after a turn: stored as one, wholly or not at all, before anything that it reads. Filled by the shard, then the
/// journal's until it is durable or failed.
/// </summary>
public class JournalBatch
{
    private readonly List<JournalAppend> _appends = [];
    private readonly List<SnapshotWrite> _snapshots = [];
    private readonly List<EntitySnapshotWrite> _entitySnapshots = [];
    private readonly List<PoisonRecord> _poison = [];
    private readonly List<(Document Document, DocumentWrite How)> _documents = [];
    private volatile BatchState _state;

    /// <summary>The shard that submits it.</summary>
    public int Shard { get; set; }

    /// <summary>How often that shard had restarted when it submitted the batch. After a failure the journal takes nothing more of that incarnation.</summary>
    public int Incarnation { get; set; }

    public BatchState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>The journal position of each append, in order, once it is durable.</summary>
    public List<long> Positions { get; } = [];

    public ReadOnlySpan<JournalAppend> Appends => CollectionsMarshal.AsSpan(_appends);

    public ReadOnlySpan<SnapshotWrite> Snapshots => CollectionsMarshal.AsSpan(_snapshots);

    public ReadOnlySpan<EntitySnapshotWrite> EntitySnapshots => CollectionsMarshal.AsSpan(_entitySnapshots);

    public ReadOnlySpan<PoisonRecord> Poison => CollectionsMarshal.AsSpan(_poison);

    public ReadOnlySpan<(Document Document, DocumentWrite How)> Documents => CollectionsMarshal.AsSpan(_documents);

    /// <summary>Read once the batch is durable; null where there is nothing to read.</summary>
    public JournalReads? Reads { get; set; }

    /// <summary>Read then as well, but for what no transaction waits: what others ask goes before it. Null where there is nothing to read.</summary>
    public JournalReads? PatientReads { get; set; }

    public bool HasWrites => _appends.Count + _snapshots.Count + _entitySnapshots.Count + _poison.Count + _documents.Count > 0;

    /// <summary>Entries are written here and then claimed by <see cref="Append"/>.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = new(4096);

    public ReadOnlySpan<byte> Entry(in JournalAppend append) => Bytes.WrittenSpan.Slice(append.Start, append.Length);

    /// <summary>Adds the entry that was written to <see cref="Bytes"/> since <paramref name="start"/>.</summary>
    public void Append(AccountRef account, long sequence, ulong idHash, int start, AlertId alertId) =>
        _appends.Add(new JournalAppend(account, sequence, idHash, start, Bytes.WrittenCount - start, alertId));

    /// <summary>Adds the label that was written to <see cref="Bytes"/> since <paramref name="start"/>.</summary>
    /// <param name="labelled">The sequence number of the transaction that it labels.</param>
    public void AppendLabel(AccountRef account, long sequence, ulong idHash, int start, long labelled, bool isFraud) =>
        _appends.Add(new JournalAppend(account, sequence, idHash, start, Bytes.WrittenCount - start, default, labelled, isFraud));

    /// <summary>Adds an account's event that is neither a transaction nor a label, and was written to <see cref="Bytes"/> since <paramref name="start"/>.</summary>
    public void AppendChange(AccountRef account, long sequence, int start) =>
        _appends.Add(new JournalAppend(account, sequence, 0, start, Bytes.WrittenCount - start, default, IsChange: true));

    public void AddEntitySnapshot(byte[] key, long position, byte[] state) => _entitySnapshots.Add(new EntitySnapshotWrite(key, position, state));

    public void AddSnapshot(AccountRef account, long sequence, byte[] state) => _snapshots.Add(new SnapshotWrite(account, sequence, state));

    /// <summary>Adds a document, which is stored in the same commit.</summary>
    public void AddDocument(Document document, DocumentWrite how) => _documents.Add((document, how));

    public void AddPoison(byte[] accountId, byte[] transactionId, string reason) => _poison.Add(new PoisonRecord(accountId, transactionId, reason));

    /// <summary>Empties the batch, to be filled again.</summary>
    public virtual void Clear()
    {
        _appends.Clear();
        _snapshots.Clear();
        _entitySnapshots.Clear();
        _poison.Clear();
        _documents.Clear();
        Positions.Clear();
        Bytes.ResetWrittenCount();
        Reads = null;
        PatientReads = null;
        _state = BatchState.None;
    }
}
