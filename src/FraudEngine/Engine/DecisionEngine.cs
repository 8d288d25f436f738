using System.Globalization;
using System.Security.Cryptography;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>One node's engine: takes transactions, has the account of each decide it, and answers when the decision is durable.</summary>
public sealed class DecisionEngine : IJournalSink, IAsyncDisposable
{
    private readonly EngineSettings _settings;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ShardRegion<EngineShard> _region;
    private readonly ReleaseLoop _release;
    private readonly SemaphoreSlim _changing = new(1);
    private RulesInForce _inForce;
    private WindowPlans _plans;

    /// <summary>Throws <see cref="InvalidOperationException"/> where the journal was made with another number of shards.</summary>
    /// <param name="indexing">
    /// Told how many of the journal's rows are indexed by entities, and how many there are, where that was not done before; null where nobody wants to know.
    /// </param>
    public DecisionEngine(
        EngineSettings settings, IJournal journal, RulesInForce rules, IDispatcher dispatcher, TimeProvider clock, IEngineEvents events, AlertRaised alertRaised,
        Action<long, long>? indexing = null)
    {
        _settings = settings;
        _journal = journal;
        _clock = clock;
        _inForce = rules;
        _plans = rules.Plans;
        var shards = settings.Shards.ToString(CultureInfo.InvariantCulture);
        var pinned = journal.Pin("shards", shards);
        if (pinned != shards)
        {
            throw new InvalidOperationException($"Engine:Shards is {shards}, but the journal was made with {pinned}. Set it to {pinned}, or start with an empty journal.");
        }

        IdHashSeed = ulong.Parse(
            journal.Pin("id_hash_seed", BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))).ToString(CultureInfo.InvariantCulture)),
            CultureInfo.InvariantCulture);
        Admission = new Admission(settings.InFlightMax);
        _region = new ShardRegion<EngineShard>(
            [.. Enumerable.Range(0, settings.Shards).Select(i => new EngineShard(i, dispatcher, settings, journal, rules, IdHashSeed, events, clock, hash => _region!.ShardOf(hash)))]);
        _release = new ReleaseLoop(dispatcher, Admission, new UpdateRouter(_region, () => Volatile.Read(ref _plans)), alertRaised);
        journal.IndexEntities(settings.Entities, indexing);
        journal.Start(this);
    }

    /// <summary>What decides. While a change is being made, some shards are a little ahead of it.</summary>
    public RulesInForce InForce => Volatile.Read(ref _inForce);

    public Admission Admission { get; }

    /// <summary>Called when decisions are durable, many at once; must be quick and must not throw.</summary>
    public Action? Decided
    {
        get => _release.Released;
        set => _release.Released = value;
    }

    /// <summary>Of the hashes by which transaction ids are found again.</summary>
    internal ulong IdHashSeed { get; }

    /// <summary>The reasons of all rule sets that answers may name.</summary>
    public ReasonCatalog Catalog => _journal.Catalog;

    /// <summary>
    /// Takes a filled envelope that has entered <see cref="Admission"/>. Its answer comes through its reply port; from then on it has left the admission.
    /// </summary>
    public void Submit(TransactionEnvelope envelope)
    {
        _region.ShardOf(Hash64.Of(envelope.AccountId)).Tell(envelope);
    }

    /// <summary>Stores what a transaction turned out to be. Enters <see cref="Admission"/> first, which the caller has done.</summary>
    public Task<LabelResult> LabelAsync(byte[] accountId, byte[] transactionId, bool isFraud)
    {
        var request = new LabelRequest(accountId, transactionId, isFraud);
        _region.ShardOf(Hash64.Of(accountId)).Tell(request);
        return request.Answer;
    }

    /// <summary>Whether an event time is further ahead of the clock than allowed, so that the transaction must not be submitted.</summary>
    public bool IsTooFarAhead(Transaction transaction) => transaction.TimestampTicks > _clock.GetUtcNow().UtcTicks + _settings.AheadMax.Ticks;

    /// <summary>
    /// Has every account keep what the windows of another rule set need as well, so that it can come into force. Takes as long as it takes to read the
    /// journal where they need what was not kept; the rules in force decide meanwhile. One change at a time: <see cref="RuleBook"/> sees to it.
    /// </summary>
    public Task FillWindowsAsync(WindowPlans windows) => Holds(windows) ? Task.CompletedTask : KeepAsync(WindowPlans.Union(_plans, windows), isMore: true);

    /// <summary>Whether rules with these windows can come into force at once.</summary>
    public bool Holds(WindowPlans windows) => Volatile.Read(ref _plans).Contains(windows);

    /// <summary>Puts other rules in force, whose windows are filled, or other lists: in each shard from one transaction to the next.</summary>
    /// <param name="change">Makes what is to be in force of what is. Changes are made one at a time.</param>
    public async Task PutInForceAsync(Func<RulesInForce, RulesInForce> change)
    {
        await _changing.WaitAsync();
        try
        {
            var next = change(InForce);
            var tasks = new List<Task>(_region.Shards.Length);
            foreach (var shard in _region.Shards)
            {
                var task = new PutInForce(next);
                tasks.Add(task.Done);
                shard.Tell(task);
            }

            await Task.WhenAll(tasks);
            Volatile.Write(ref _inForce, next);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Lets go of windows that the rules in force do not have.</summary>
    public Task DropWindowsAsync() =>
        _plans.Count == InForce.Plans.Count ? Task.CompletedTask : KeepAsync(InForce.Plans, isMore: false);

    /// <summary>What an account's windows say as of an instant, or of its newest transaction; null where it has none.</summary>
    public Task<AccountView?> QueryAsync(byte[] accountId, long? asOfTicks)
    {
        var query = new AccountQuery(accountId, asOfTicks);
        _region.ShardOf(Hash64.Of(accountId)).Tell(query);
        return query.Answer;
    }

    /// <summary>An account's decided transactions with a sequence number below <paramref name="before"/>, newest first.</summary>
    public async Task<IReadOnlyList<AccountEntry>> ReadEntriesAsync(byte[] accountId, long before, int max)
    {
        var decided = new List<AccountEntry>();
        IReadOnlyList<StoredEntry> page;
        do
        {
            // Labels stand among them, and are told with the transactions that they label.
            page = await _journal.ReadEntriesAsync(accountId, before, max - decided.Count);
            foreach (var entry in page.Where(static entry => !LabelCodec.IsLabel(entry.Bytes)))
            {
                var item = new TransactionDecided();
                EntryCodec.Read(entry.Bytes, accountId, entry.Sequence, item);
                decided.Add(new AccountEntry(item.Sequence, item.Transaction, item.Decision));
            }

            before = page.Count == 0 ? before : page[^1].Sequence;
        }
        while (page.Count > 0 && decided.Count < max);
        if (decided.Count == 0)
        {
            return decided;
        }

        var labels = (await _journal.ReadLabelsAsync(accountId, decided[^1].Sequence, decided[0].Sequence + 1)).ToDictionary(label => label.Sequence, label => label.IsFraud);
        return [.. decided.Select(entry => labels.TryGetValue(entry.Sequence, out var isFraud) ? entry with { IsFraud = isFraud } : entry)];
    }

    /// <summary>The counters of all shards, added up.</summary>
    public EngineCounters Count()
    {
        var sum = new EngineCounters();
        foreach (var shard in _region.Shards)
        {
            sum.Add(shard.Counters);
        }

        return sum;
    }

    /// <summary>How many shards there are in all.</summary>
    internal int Shards => _region.Shards.Length;

    /// <summary>The way to other nodes; null where this is the only one. Set before the first request.</summary>
    internal Remote.IRemoteShards? Remote { get; set; }

    /// <summary>Whether this node owns a shard and has taken it over.</summary>
    internal bool Owns(int shard) => throw new NotImplementedException();

    /// <summary>Begins to handle what comes for a shard, whose lock the caller has taken.</summary>
    internal Task TakeOverAsync(int shard) => throw new NotImplementedException();

    /// <summary>
    /// Ends to handle what comes for a shard: what was handled is stored, snapshots too, and what was not goes to <see cref="Remote"/>, as does all that
    /// comes from then on. Ends when nothing more of the shard is with the journal, so that its lock can be released.
    /// </summary>
    internal Task HandOverAsync(int shard) => throw new NotImplementedException();

    /// <summary>The lock of a shard is gone: what is not durable goes to <see cref="Remote"/>, to be handled by whoever owns it next.</summary>
    internal Task LoseAsync(int shard) => throw new NotImplementedException();

    /// <summary>Takes requests that another node has forwarded for a shard.</summary>
    internal void Submit(int shard, Remote.ForwardedBatch batch) => throw new NotImplementedException();

    /// <summary>Gives out the answers of requests that another node has answered.</summary>
    internal void Complete(ReadOnlySpan<AccountRequest> answered) => throw new NotImplementedException();

    /// <summary>Takes a visit from another node, as <see cref="Remote.VisitCodec"/> writes it. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="answer">Called once, on an event loop, with what is to be sent back; must return at once and not throw.</param>
    internal void Receive(ReadOnlySpan<byte> visit, Action<ReadOnlyMemory<byte>> answer) => throw new NotImplementedException();

    /// <summary>Stores what is under way and stops. Nothing may be submitted any more.</summary>
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    /// <summary>A few shards at a time, so that most of the machine goes on deciding. Meanwhile only the lesser of both plans is sure to be held.</summary>
    private async Task KeepAsync(WindowPlans plans, bool isMore)
    {
        const int atATime = 8;
        if (!isMore)
        {
            Volatile.Write(ref _plans, plans);
        }

        var filling = new Queue<Task>();
        for (var i = 0; i < _region.Shards.Length; i++)
        {
            if (filling.Count == atATime)
            {
                await filling.Dequeue();
            }

            var task = new FillWindows(plans);
            filling.Enqueue(task.Done);
            _region.Shards[i].Tell(task);
        }

        await Task.WhenAll(filling);
        Volatile.Write(ref _plans, plans);
    }

    void IJournalSink.Durable(JournalBatch batch) => _release.Tell((ShardBatch)batch);

    void IJournalSink.Failed(JournalBatch batch, Exception reason) => _region.Shards[batch.Shard].Tell(new BatchFailed((ShardBatch)batch, reason));

    void IJournalSink.Answered(JournalReads reads) => _region.Shards[reads.Shard].Tell(new ReadsAnswered(reads));
}
