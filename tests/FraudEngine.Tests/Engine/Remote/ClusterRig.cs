using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Actors;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>
/// Engines that share a store: shards move between them, sessions break, messages are late, out of order or lost, all as the seed says, each step on the test's own
/// thread.
/// </summary>
internal sealed class ClusterRig : IReplyTo
{
    private readonly Random _random;
    private readonly EngineSettings _settings;
    private readonly List<Action> _underWay = [];
    private readonly int[] _targets;

    public ClusterRig(int seed, SimulatedStore store, EngineSettings settings, string yaml, int nodes = 3)
    {
        _random = new Random(seed);
        _settings = settings;
        _targets = [.. Enumerable.Range(0, settings.Shards).Select(shard => shard % nodes)];
        Store = store;

        // So that the same ids are looked up in each run.
        store.Settings["id_hash_seed"] = "1";
        for (var node = 0; node < nodes; node++)
        {
            Nodes.Add(new Node(this, node, (seed * 31) + node, yaml));
        }
    }

    public SimulatedStore Store { get; }

    public List<Node> Nodes { get; } = [];

    public TestClock Clock { get; } = new();

    /// <summary>Whether sessions break, shards move, and messages get lost.</summary>
    public bool IsDisturbed { get; set; } = true;

    /// <summary>What was answered, in order.</summary>
    public List<TransactionEnvelope> Answered { get; } = [];

    /// <summary>Ids of transactions that a node refused, as by a reading that failed; that answer may be lost, and the transaction asked for again.</summary>
    public HashSet<string> Refused { get; } = [];

    public int Moved { get; private set; }

    public int Broken { get; private set; }

    /// <summary>The node that owns a shard, as far as others know.</summary>
    public int? OwnerOf(int shard)
    {
        if (IsDisturbed && _random.Next(20) == 0)
        {
            return _random.Next(Nodes.Count);
        }

        var owner = Nodes.FindIndex(node => node.Engine.Owns(shard));
        return owner < 0 ? null : owner;
    }

    public void NoteRefused(AccountRequest request)
    {
        if (request is TransactionEnvelope { Refusal: not Refusal.None } envelope)
        {
            Refused.Add(envelope.Transaction.TextString(TransactionField.TransactionId));
        }
    }

    /// <summary>Puts a message on its way.</summary>
    public void Send(Action arrive) => _underWay.Add(arrive);

    public TransactionEnvelope Submit(int node, string account, string id, long seconds, long units = 10_0000, string terminal = "")
    {
        var envelope = new TransactionEnvelope(this);
        var transaction = envelope.Transaction;
        transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account));
        transaction.SetText(TransactionField.MerchantId, "m"u8);
        transaction.SetText(TransactionField.TerminalId, Encoding.UTF8.GetBytes(terminal));
        transaction.TimestampTicks = EngineRig.TicksAt(seconds);
        transaction.Amount = new Money(units);
        Assert.True(Nodes[node].Engine.Admission.TryEnter());
        Nodes[node].Engine.Submit(envelope);
        return envelope;
    }

    public Task<LabelResult> Label(int node, string account, string id, bool isFraud)
    {
        Assert.True(Nodes[node].Engine.Admission.TryEnter());
        return Nodes[node].Engine.LabelAsync(Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(id), isFraud);
    }

    public Task<ChangeResult> Respond(int node, string account, string id, AlertResponse response)
    {
        Assert.True(Nodes[node].Engine.Admission.TryEnter());
        return Nodes[node].Engine.RespondAsync(
            Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(id), response, "customer", new ResponseTerms(TimeSpan.FromDays(1).Ticks, Outcome.Review));
    }

    /// <param name="outcome">None for a release.</param>
    public Task<ChangeResult> Hold(int node, string account, Outcome outcome)
    {
        var engine = Nodes[node].Engine;
        Assert.True(engine.Admission.TryEnter());
        return outcome == Outcome.None
            ? engine.ReleaseAsync(Encoding.UTF8.GetBytes(account), "analyst", "")
            : engine.HoldAsync(Encoding.UTF8.GetBytes(account), outcome, "analyst", "");
    }

    /// <summary>Takes one step, whichever the seed says.</summary>
    public void Step()
    {
        var node = Nodes[_random.Next(Nodes.Count)];
        var shard = _random.Next(_settings.Shards);
        switch (_random.Next(9))
        {
            case 0 or 1 or 2:
                node.RunOne();
                break;
            case 3:
                node.Journal.CommitGroup(1 + _random.Next(4));
                break;
            case 4 when node.Journal.HasReads:
                node.Journal.AnswerOne();
                break;
            case 5:
                node.Manage(shard, _targets[shard]);
                break;
            case 6:
                node.Links.Pump(shard);
                break;
            case 7:
                Deliver();
                Deliver();
                break;
            case 8 when IsDisturbed:
                Disturb(node, shard);
                break;
        }
    }

    /// <summary>Steps until nothing is left to do and everything is answered.</summary>
    public void Settle(Func<bool> isDone)
    {
        IsDisturbed = false;
        Nodes.ForEach(node => node.Journal.CommitFails = static () => false);
        Nodes.ForEach(node => node.Journal.ReadFails = static () => false);
        var nextAsking = 0;
        for (var steps = 0; !isDone() || Nodes.Exists(node => node.Links.Unanswered > 0); steps++)
        {
            Assert.True(steps < 400_000, $"Not everything was answered: {Describe()}.");
            if (steps >= nextAsking)
            {
                // Ever less often: each asking is work for those who are asked.
                nextAsking = (steps * 2) + 2_000;
                Nodes.ForEach(node => node.Journal.Connect());
                Nodes.ForEach(node => node.Links.AskAgain());
                Clock.FireTimers();
            }

            Step();
        }
    }

    void IReplyTo.Completed(TransactionEnvelope envelope)
    {
        Assert.DoesNotContain(envelope, Answered);
        Answered.Add(envelope);
    }

    private string Describe() => string.Join("; ", Nodes.Select(node =>
        $"{node.Number} has {node.Links.Unanswered} with its links, owns {string.Join(' ', Enumerable.Range(0, _settings.Shards).Where(node.Engine.Owns))}, {node.Journal.HasCommits} {node.Journal.HasReads}, {_underWay.Count} under way, targets {string.Join(' ', _targets)}, {node.Stages}, {node.Restarts} restarts, {node.Failure}, {node.Engine.Count().EntityRecoveries} {node.Engine.Count().Recoveries}"));

    private void Deliver()
    {
        if (_underWay.Count == 0)
        {
            return;
        }

        // Mostly the oldest.
        var index = _random.Next(4) == 0 ? _random.Next(_underWay.Count) : 0;
        var arrive = _underWay[index];
        _underWay.RemoveAt(index);
        if (!IsDisturbed || _random.Next(30) > 0)
        {
            arrive();
        }
    }

    private void Disturb(Node node, int shard)
    {
        switch (_random.Next(40))
        {
            case < 8:
                _targets[shard] = _random.Next(Nodes.Count);
                Moved++;
                break;
            case < 10:
                node.Journal.BreakSession(isStored: _random.Next(2) == 0);
                Broken++;
                break;
            case < 20:
                node.Journal.Connect();
                break;
            case < 24:
                node.Links.AskAgain();
                break;
            case 24 when _random.Next(4) == 0:
                node.Links.RefuseOne(shard);
                break;
            case < 32:
                Clock.FireTimers();
                break;
        }
    }

    /// <summary>An engine, and what takes and gives shards for it.</summary>
    internal sealed class Node : IEngineEvents
    {
        private readonly SeededDispatcher _dispatcher;
        private readonly Task?[] _moving;
        private readonly Stage[] _stages;

        public Node(ClusterRig rig, int number, int seed, string yaml)
        {
            _dispatcher = new SeededDispatcher(seed);
            Journal = new SharedSimulatedJournal(rig.Store, $"n{number}");
            var rules = RuleSet.Parse(yaml, "test.yaml", WindowSettings.Default);
            Rules = new RulesInForce(rules, Journal.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons).GetAwaiter().GetResult(), NamedLists.Empty);
            Engine = new DecisionEngine(rig._settings, Journal, Rules, _dispatcher, rig.Clock, this, static (_, _, _) => { });
            Links = new SimulatedLinks(rig, number, rig._settings.Shards);
            Number = number;
            Engine.Remote = Links;
            _moving = new Task?[rig._settings.Shards];
            _stages = new Stage[rig._settings.Shards];
            Journal.Lost = () =>
            {
                for (var shard = 0; shard < _stages.Length; shard++)
                {
                    Begin(shard, Stage.Losing, Engine.LoseAsync(shard));
                }
            };
        }

        public int Number { get; }

        public DecisionEngine Engine { get; }

        public RulesInForce Rules { get; }

        public SharedSimulatedJournal Journal { get; }

        public SimulatedLinks Links { get; }

        public int Restarts { get; private set; }

        public Exception? Failure { get; private set; }

        public string Stages => string.Join(' ', _stages.Select((stage, shard) => $"{stage}/{_moving[shard]?.Status}"));

        public bool RunOne() => _dispatcher.RunOne();

        /// <summary>Brings a shard nearer to where it should be.</summary>
        public void Manage(int shard, int target)
        {
            if (_moving[shard] is { IsCompleted: false })
            {
                return;
            }

            var (stage, done) = (_stages[shard], _moving[shard]);
            (_stages[shard], _moving[shard]) = (Stage.None, null);
            if (stage == Stage.HandingOver)
            {
                Begin(shard, Stage.Releasing, Journal.ReleaseAsync(shard));
            }
            else if (stage == Stage.Taking && ((Task<bool>)done!).Result)
            {
                Begin(shard, Stage.TakingOver, Engine.TakeOverAsync(shard));
            }
            else if (Engine.Owns(shard) && target != Number)
            {
                Begin(shard, Stage.HandingOver, Engine.HandOverAsync(shard));
            }
            else if (!Engine.Owns(shard) && target == Number && Journal.IsConnected)
            {
                Begin(shard, Stage.Taking, Journal.TryTakeAsync(shard));
            }
        }

        void IEngineEvents.ShardRestarted(int shard, Exception reason)
        {
            Restarts++;
            Failure = reason;
        }

        void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => Assert.Fail($"A transaction was taken for poison: {reason}");

        void IEngineEvents.RecoveryFailed(int shard, Exception reason)
        {
        }

        private void Begin(int shard, Stage stage, Task moving) => (_stages[shard], _moving[shard]) = (stage, moving);

        private enum Stage
        {
            None,
            Taking,
            TakingOver,
            HandingOver,
            Releasing,
            Losing,
        }
    }
}
