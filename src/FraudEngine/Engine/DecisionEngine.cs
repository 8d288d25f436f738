using System.Globalization;
using System.Security.Cryptography;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>One node's engine: takes transactions, has the account of each decide it, and answers when the decision is durable.</summary>
public sealed partial class DecisionEngine : IJournalSink, IAsyncDisposable
{
    private readonly EngineSettings _settings;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ShardRegion<EngineShard> _region;
    private readonly ReleaseLoop _release;
    private readonly EntityFollower? _follower;
    private readonly SemaphoreSlim _changing = new(1);
    private RulesInForce _inForce;
    private WindowPlans _plans;

    /// <summary>
    /// Throws <see cref="InvalidOperationException"/> where the journal was made with another number of shards. Of a shared journal no shard is this node's at first.
    /// </summary>
    /// <param name="alertRaised">Called with each alert that this node's shards have raised, once it is durable.</param>
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
            [.. Enumerable.Range(0, settings.Shards).Select(i => new EngineShard(i, dispatcher, settings, journal, rules, IdHashSeed, events, clock, this, isOwned: journal is not ISharedJournal))]);
        _follower = journal is ISharedJournal shared ? new EntityFollower(dispatcher, _region, shared, () => Volatile.Read(ref _plans), clock, settings.EntityRowsMax) : null;
        _release = new ReleaseLoop(dispatcher, Admission, _follower is null ? new UpdateRouter(_region, () => Volatile.Read(ref _plans)) : null, alertRaised);
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

    /// <summary>What an account's windows say as of an instant, or of its newest transaction; null where it has none and is not held.</summary>
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
            // Labels stand among them, and are told with the transactions that they label; so do changes.
            page = await _journal.ReadEntriesAsync(accountId, before, max - decided.Count);
            foreach (var entry in page.Where(static entry => EntryCodec.IsTransaction(entry.Bytes)))
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

        await _journal.KnowAsync(decided.Select(static entry => entry.Decision));
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

    /// <summary>
    /// The way to other nodes; null where this is the only one: then requests for a shard that it does not own are refused as unavailable. Set before the first
    /// request.
    /// </summary>
    internal IRemoteShards? Remote { get; set; }

    /// <summary>Whether this node owns a shard and has taken it over.</summary>
    internal bool Owns(int shard) => _region.Shards[shard].IsOwned;

    /// <summary>Begins to handle what comes for a shard, whose lock the caller has taken.</summary>
    internal Task TakeOverAsync(int shard) => Do(shard, new TakeOver());

    /// <summary>
    /// Ends to handle what comes for a shard: what was handled is stored, snapshots too, and what was not goes to <see cref="Remote"/>, as does all that
    /// comes from then on. Ends when nothing more of the shard is with the journal, so that its lock can be released.
    /// </summary>
    internal Task HandOverAsync(int shard) => Do(shard, new HandOver(isLost: false));

    /// <summary>
    /// The lock of a shard is gone: what is not durable goes to <see cref="Remote"/>, to be handled by whoever owns it next. Also where that is this node it must
    /// be called, and end, before the lock is taken again.
    /// </summary>
    internal Task LoseAsync(int shard) => Do(shard, new HandOver(isLost: true));

    /// <summary>Counts how often this node has taken a shard, so that a gap in its owning of it is seen; 0 where it does not own it now. From any thread.</summary>
    internal int TenureOf(int shard) => _region.Shards[shard].Tenure;

    /// <summary>Takes requests that another node has forwarded for a shard. Throws <see cref="InvalidDataException"/> where one is of another shard.</summary>
    /// <param name="tenure">In which they were accepted: where the shard comes to them in another they are given back; that of now where it is null.</param>
    internal void Submit(int shard, ForwardedBatch batch, int? tenure = null)
    {
        batch.Tenure = tenure ?? TenureOf(shard);
        foreach (var request in batch.Requests)
        {
            if (_region.ShardOf(Hash64.Of(request.AccountId)).Index != shard)
            {
                throw new InvalidDataException($"Another node forwards a request for shard {shard} that is of another.");
            }
        }

        var messages = new ShardMessage[batch.Requests.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = batch.Requests[i];
        }

        _region.Shards[shard].Tell(messages);
    }

    /// <summary>Gives out the answers of requests that another node has answered.</summary>
    internal void Complete(ReadOnlySpan<AccountRequest> answered)
    {
        var batch = new ShardBatch();
        foreach (var request in answered)
        {
            batch.Answers.Add(request);
        }

        // Once it is out, its owner may fill it again.
        var shards = new int[answered.Length];
        for (var i = 0; i < shards.Length; i++)
        {
            shards[i] = _region.ShardOf(Hash64.Of(answered[i].AccountId)).Index;
        }

        _release.Tell(batch);
        foreach (var shard in shards)
        {
            _region.Shards[shard].CountAnswered(1);
        }
    }

    /// <summary>Takes a visit from another node, as <see cref="VisitCodec"/> writes it. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="answer">Called once, at once or later on an event loop, with what is to be sent back; must return at once and not throw.</param>
    internal void Receive(ReadOnlySpan<byte> visit, Action<ReadOnlyMemory<byte>> answer)
    {
        var read = VisitCodec.Read(visit, InForce, answer);
        if (read is null)
        {
            answer(RemoteVisit.Only(VisitAnswer.Outdated));
        }
        else
        {
            Send(read);
        }
    }

    /// <summary>Sends a visit to its entity, behind everything that was answered before.</summary>
    internal void Send(Visit visit)
    {
        var shard = _region.ShardOf(Hash64.Of(visit.Key));
        if (_follower is not null && shard.IsOwned)
        {
            _follower.Tell(visit);
        }
        else
        {
            shard.Tell(visit);
        }
    }

    /// <summary>Stores what is under way and stops. Nothing may be submitted any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _follower?.Dispose();
        await _journal.DisposeAsync();
        foreach (var shard in _region.Shards)
        {
            shard.Stop();
        }
    }

    private Task Do(int shard, ShardTask task)
    {
        _region.Shards[shard].Tell(task);
        return task.Done;
    }

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
