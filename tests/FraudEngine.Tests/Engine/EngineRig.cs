using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Actors;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine;

/// <summary>An engine on a seeded dispatcher and a simulated journal: every step happens when the test takes it.</summary>
internal sealed class EngineRig : IEngineEvents, IReplyTo
{
    public const string Yaml = """
        name: test
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: many, when: "count(account, 1h) > 3", score: 0.5, text: Many }
          - { id: large, when: "amount > 2 * avg(account.amount, 1d)", score: 0.3, text: Large }
          - { id: online, when: "channel == 'online'", score: 0.1, text: Online }
          - { id: places, when: "distinct(account.merchantId, 7d) > 4 && sum(account.amount, 30d) > 100", score: 0.2, text: Places }
        """;

    private readonly SeededDispatcher _dispatcher;
    private readonly Random _random;

    /// <param name="yaml">The rules in force at first.</param>
    /// <param name="clock">By which visits to entities are overdue.</param>
    public EngineRig(int seed, SimulatedStore store, EngineSettings? settings = null, string yaml = Yaml, TimeProvider? clock = null)
    {
        _dispatcher = new SeededDispatcher(seed);
        _random = new Random(seed);
        Store = store;
        Journal = new SimulatedJournal(store);
        Engine = new DecisionEngine(
            settings ?? new EngineSettings { Shards = 4 }, Journal, Rules(yaml), _dispatcher, clock ?? TimeProvider.System, this, (position, _, _) => Alerts.Add(position));
    }

    public DecisionEngine Engine { get; }

    public SimulatedJournal Journal { get; }

    public SimulatedStore Store { get; }

    public List<long> Alerts { get; } = [];

    public int Restarts { get; private set; }

    public int Poisoned { get; private set; }

    public int RecoveryFailures { get; private set; }

    /// <summary>The answers, by the envelopes' order of submission.</summary>
    public Dictionary<TransactionEnvelope, Answer> Answers { get; } = [];

    /// <summary>Submits a transaction; <paramref name="account"/>, id, seconds since a fixed time, amount in minor units.</summary>
    public TransactionEnvelope Submit(string account, string id, long seconds, long units = 10_0000, string merchant = "m", Channel channel = Channel.None, string terminal = "")
    {
        var envelope = new TransactionEnvelope(this);
        var transaction = envelope.Transaction;
        transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account));
        transaction.SetText(TransactionField.MerchantId, Encoding.UTF8.GetBytes(merchant));
        transaction.SetText(TransactionField.TerminalId, Encoding.UTF8.GetBytes(terminal));
        transaction.TimestampTicks = TicksAt(seconds);
        transaction.Amount = new Money(units);
        transaction.Channel = channel;
        Assert.True(Engine.Admission.TryEnter());
        Engine.Submit(envelope);
        return envelope;
    }

    /// <summary>Says what a transaction turned out to be; steps bring the answer.</summary>
    public Task<LabelResult> Label(string account, string id, bool isFraud = true)
    {
        Assert.True(Engine.Admission.TryEnter());
        return Engine.LabelAsync(Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(id), isFraud);
    }

    /// <summary>Answers an alert; steps bring what comes of it.</summary>
    public Task<ChangeResult> Respond(string account, string id, AlertResponse response)
    {
        Assert.True(Engine.Admission.TryEnter());
        return Engine.RespondAsync(Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(id), response, "customer", new ResponseTerms(TimeSpan.FromDays(1).Ticks, Outcome.Decline));
    }

    public Task<ChangeResult> Hold(string account, Outcome outcome)
    {
        Assert.True(Engine.Admission.TryEnter());
        return Engine.HoldAsync(Encoding.UTF8.GetBytes(account), outcome, "analyst", "");
    }

    public Task<ChangeResult> Release(string account)
    {
        Assert.True(Engine.Admission.TryEnter());
        return Engine.ReleaseAsync(Encoding.UTF8.GetBytes(account), "analyst", "");
    }

    public static long TicksAt(long seconds) => new DateTime(2026, 1, 1).Ticks + (seconds * TimeSpan.TicksPerSecond);

    /// <summary>A rule set as it can be put in force.</summary>
    public RulesInForce Rules(string yaml)
    {
        var rules = RuleSet.Parse(yaml, "test.yaml", WindowSettings.Default);
        return new RulesInForce(rules, Journal.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons).GetAwaiter().GetResult(), NamedLists.Empty);
    }

    /// <summary>Begins to put other rules in force; steps bring it on.</summary>
    public async Task PutInForceAsync(RulesInForce rules)
    {
        await Engine.FillWindowsAsync(rules.Plans);
        await Engine.PutInForceAsync(_ => rules);
        await Engine.DropWindowsAsync();
    }

    /// <summary>Takes one step of loops or journal, whichever the seed says; false where nothing is left to do.</summary>
    public bool Step()
    {
        switch (_random.Next(3))
        {
            case 0 when Journal.HasCommits:
                Journal.CommitGroup(1 + _random.Next(4));
                return true;
            case 1 when Journal.HasReads:
                Journal.AnswerOne();
                return true;
            default:
                return _dispatcher.RunOne() || StepJournal();
        }
    }

    /// <summary>Runs loops, and no journal, until they have nothing to do.</summary>
    public void RunLoops() => _dispatcher.RunAll();

    /// <summary>Steps until a task is done. Its continuations run on other threads, so now and then there is nothing to do.</summary>
    public void RunUntil(Task task)
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (!task.IsCompleted)
        {
            if (!Step())
            {
                Assert.True(Environment.TickCount64 < deadline, "The rules were not in force after 30 s.");
                Thread.Yield();
            }
        }

        task.GetAwaiter().GetResult();
    }

    public void RunAll()
    {
        while (Step())
        {
        }
    }

    void IReplyTo.Completed(TransactionEnvelope envelope)
    {
        var score = envelope.Refusal == Refusal.None ? envelope.Decision.Score : default;
        Answers.Add(envelope, new Answer(envelope.Refusal, envelope.Refusal == Refusal.None ? envelope.Decision.Outcome : Outcome.None, score));
    }

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => Restarts++;

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => Poisoned++;

    void IEngineEvents.RecoveryFailed(int shard, Exception reason) => RecoveryFailures++;

    /// <summary>What the store says of an account: per sequence number the transaction's id and its decision, or what the label or the change says.</summary>
    public IEnumerable<string> Journaled(string account) =>
        Store.ByAccount.GetValueOrDefault(account, []).Select(row =>
        {
            if (ChangeCodec.IsChange(row.Entry))
            {
                var changed = ChangeCodec.Read(row.Entry, row.Sequence);
                return $"{row.Sequence} {changed.Change} {changed.Response} {changed.AnsweredSequence} {changed.Terms.Hold?.Outcome} {changed.Terms.Patterns.Length} {changed.Terms.Sequence}";
            }

            if (LabelCodec.IsLabel(row.Entry))
            {
                return $"{row.Sequence} {row.Labelled} {row.IsFraud}";
            }

            var decided = new TransactionDecided();
            EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
            return $"{row.Sequence} {decided.Transaction.TextString(TransactionField.TransactionId)} {decided.Decision.Outcome} {decided.Decision.Score}";
        });

    private bool StepJournal()
    {
        if (Journal.HasReads)
        {
            Journal.AnswerOne();
            return true;
        }

        if (Journal.HasCommits)
        {
            Journal.CommitGroup(4);
            return true;
        }

        return false;
    }

    internal readonly record struct Answer(Refusal Refusal, Outcome Outcome, Score Score);
}
