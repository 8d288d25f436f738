using System.Globalization;
using System.Security.Cryptography;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>One node's engine: takes transactions, has the account of each decide it, and answers when the decision is durable.</summary>
public sealed class DecisionEngine : IJournalSink, IAsyncDisposable
{
    private readonly EngineSettings _settings;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ShardRegion<AccountShard> _region;
    private readonly ReleaseLoop _release;

    /// <summary>Throws <see cref="InvalidOperationException"/> where the journal was made with another number of shards.</summary>
    public DecisionEngine(
        EngineSettings settings, IJournal journal, RuleSet rules, IDispatcher dispatcher, TimeProvider clock, IEngineEvents events, AlertRaised alertRaised)
    {
        _settings = settings;
        _journal = journal;
        _clock = clock;
        Rules = rules;
        var shards = settings.Shards.ToString(CultureInfo.InvariantCulture);
        var pinned = journal.Pin("shards", shards);
        if (pinned != shards)
        {
            throw new InvalidOperationException($"Engine:Shards is {shards}, but the journal was made with {pinned}. Set it to {pinned}, or start with an empty journal.");
        }

        var seed = ulong.Parse(
            journal.Pin("id_hash_seed", BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))).ToString(CultureInfo.InvariantCulture)),
            CultureInfo.InvariantCulture);
        var number = journal.Register(rules.Name, rules.Version, rules.Source, rules.Reasons);
        IsVersionUsedBefore = journal.Catalog.HasNamesake(number);
        Admission = new Admission(settings.InFlightMax);
        _release = new ReleaseLoop(dispatcher, Admission, alertRaised);
        _region = new ShardRegion<AccountShard>(
            [.. Enumerable.Range(0, settings.Shards).Select(i => new AccountShard(i, dispatcher, settings, journal, rules, number, seed, events))]);
        journal.Start(this);
    }

    /// <summary>The rule set in force.</summary>
    public RuleSet Rules { get; }

    /// <summary>Whether other rules have decided under the same name and version.</summary>
    public bool IsVersionUsedBefore { get; }

    public Admission Admission { get; }

    /// <summary>The reasons of all rule sets that answers may name.</summary>
    public ReasonCatalog Catalog => _journal.Catalog;

    /// <summary>
    /// Takes a filled envelope that has entered <see cref="Admission"/>. Its answer comes through its reply port; from then on it has left the admission.
    /// </summary>
    public void Submit(TransactionEnvelope envelope)
    {
        _region.ShardOf(Hash64.Of(envelope.AccountId)).Tell(envelope);
    }

    /// <summary>Whether an event time is further ahead of the clock than allowed, so that the transaction must not be submitted.</summary>
    public bool IsTooFarAhead(Transaction transaction) => transaction.TimestampTicks > _clock.GetUtcNow().UtcTicks + _settings.AheadMax.Ticks;

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
        var entries = await _journal.ReadEntriesAsync(accountId, before, max);
        var decided = new List<AccountEntry>(entries.Count);
        foreach (var entry in entries)
        {
            var item = new TransactionDecided();
            EntryCodec.Read(entry.Bytes, accountId, entry.Sequence, item);
            decided.Add(new AccountEntry(item.Sequence, item.Transaction, item.Decision));
        }

        return decided;
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

    /// <summary>Stores what is under way and stops. Nothing may be submitted any more.</summary>
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    void IJournalSink.Durable(JournalBatch batch) => _release.Tell((ShardBatch)batch);

    void IJournalSink.Failed(JournalBatch batch, Exception reason) => _region.Shards[batch.Shard].Tell(new BatchFailed((ShardBatch)batch, reason));

    void IJournalSink.Answered(JournalReads reads) => _region.Shards[reads.Shard].Tell(new ReadsAnswered(reads));
}
