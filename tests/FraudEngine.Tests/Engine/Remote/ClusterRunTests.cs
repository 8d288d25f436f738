using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>Whatever moves, breaks, is late or gets lost between engines that share a store: each request is answered once, as one engine alone would.</summary>
public sealed class ClusterRunTests
{
    private const int Accounts = 8;
    private const int Terminals = 4;

    private const string AtTerminals = """
        name: seen
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: any, when: "count(terminal, 30d) >= 0 && count(terminal.fraud, 30d) >= 0", action: review, text: Any }
        """;

    private static readonly EngineSettings Settings = new() { Shards = 4, ResidentAccountsMax = 12, ResidentEntitiesMax = 8, TurnMessagesMax = 7, SnapshotEvery = 5, SnapshotOnPassivationMin = 2 };

    [Fact]
    public void Accounts_are_decided_as_by_one_engine_wherever_their_shard_is()
    {
        var (moved, broken, responses) = (0, 0, 0);
        for (var seed = 1; seed <= Soak.Times(25, 2_000); seed++)
        {
            var run = new Run(seed, EngineRig.Yaml, isAtTerminals: false);
            run.Check();
            (moved, broken) = (moved + run.Rig.Moved, broken + run.Rig.Broken);
            responses += run.Rig.Store.Documents.Keys.Count(static key => key.Kind == DocumentKind.Response);
        }

        Assert.True(moved > 0 && broken > 0 && responses > 0);
    }

    [Fact]
    public void A_terminal_knows_everything_that_was_answered_before_on_whatever_node()
    {
        for (var seed = 1; seed <= Soak.Times(25, 2_000); seed++)
        {
            new Run(seed, AtTerminals, isAtTerminals: true).Check();
        }
    }

    [Fact]
    public void A_terminal_knows_everything_also_where_few_rows_are_read_at_once()
    {
        for (var seed = 1; seed <= Soak.Times(25, 2_000); seed++)
        {
            new Run(seed, AtTerminals, isAtTerminals: true, Settings with { EntityRowsMax = 9 }).Check();
        }
    }

    /// <summary>One run: sends, disturbs, settles.</summary>
    private sealed class Run
    {
        private const int Sent = 150;

        private readonly int _seed;
        private readonly bool _isAtTerminals;
        private readonly List<(TransactionEnvelope Envelope, int Node, int Before)> _sent = [];
        private readonly List<(Task<LabelResult> Answer, string Account, string Id, bool IsFraud)> _labels = [];
        private readonly List<Task<AccountView?>> _queries = [];
        private readonly List<(Task<ChangeResult> Answer, string Account, string? Id)> _changes = [];

        public Run(int seed, string yaml, bool isAtTerminals, EngineSettings? settings = null)
        {
            _seed = seed;
            _isAtTerminals = isAtTerminals;
            Rig = new ClusterRig(seed, new SimulatedStore(), settings ?? Settings, yaml);
            var random = new Random(seed);
            if (seed % 3 == 0)
            {
                var commits = 0;
                Rig.Nodes.ForEach(node => node.Journal.CommitFails = () => ++commits % 40 == 0);
            }

            if (seed % 4 == 0)
            {
                var reads = 0;
                Rig.Nodes.ForEach(node => node.Journal.ReadFails = () => ++reads % 30 == 0);
            }

            for (var i = 0; i < Sent; i++)
            {
                SendOne(random, i);
                for (var steps = random.Next(60); steps > 0; steps--)
                {
                    Rig.Step();
                }
            }

            Rig.Settle(() => Rig.Answered.Count == _sent.Count && _labels.TrueForAll(static label => label.Answer.IsCompleted) && _queries.TrueForAll(static query => query.IsCompleted)
                && _changes.TrueForAll(static change => change.Answer.IsCompleted));
        }

        public ClusterRig Rig { get; }

        public void Check()
        {
            Assert.All(Rig.Nodes, node => Assert.Equal(0, node.Engine.Admission.InFlight));
            CheckAnswers();
            CheckOrder();
            CheckChanges();
            if (_isAtTerminals)
            {
                CheckTerminals();
            }
            else
            {
                CheckDecisions();
            }
        }

        /// <summary>An account's come over one node, so that their order is known.</summary>
        private void SendOne(Random random, int i)
        {
            var number = random.Next(Accounts);
            var (account, node) = ($"a{number}", number % Rig.Nodes.Count);
            switch (random.Next(13))
            {
                case 10 or 11:
                    var answered = $"t{random.Next(i + 1)}";
                    _changes.Add((Rig.Respond(random.Next(Rig.Nodes.Count), account, answered, random.Next(4) == 0 ? AlertResponse.Denied : AlertResponse.Confirmed), account, answered));
                    break;
                case 12:
                    _changes.Add((Rig.Hold(random.Next(Rig.Nodes.Count), account, random.Next(2) == 0 ? Outcome.None : Outcome.Review), account, null));
                    break;
                case 0 when _sent.Count > 0:
                    // A resend, perhaps over another node.
                    var again = _sent[random.Next(_sent.Count)].Envelope.Transaction;
                    Send(
                        random.Next(Rig.Nodes.Count), again.TextString(TransactionField.AccountId), again.TextString(TransactionField.TransactionId),
                        (again.TimestampTicks - EngineRig.TicksAt(0)) / TimeSpan.TicksPerSecond, again.Amount.Units, again.TextString(TransactionField.TerminalId));
                    break;
                case 1:
                    var (id, isFraud) = ($"t{random.Next(i + 1)}", random.Next(3) > 0);
                    _labels.Add((Rig.Label(random.Next(Rig.Nodes.Count), account, id, isFraud), account, id, isFraud));
                    break;
                case 2:
                    _queries.Add(Rig.Nodes[random.Next(Rig.Nodes.Count)].Engine.QueryAsync(Encoding.UTF8.GetBytes(account), null));
                    break;
                default:
                    Send(node, account, $"t{i}", i * 100, 10_000L * (1 + random.Next(500)), _isAtTerminals ? $"T{random.Next(Terminals)}" : "");
                    break;
            }
        }

        private void Send(int node, string account, string id, long seconds, long units, string terminal) =>
            _sent.Add((Rig.Submit(node, account, id, seconds, units, terminal), node, Rig.Answered.Count));

        /// <summary>What was decided is what is stored; what was refused is stored once, or not at all.</summary>
        private void CheckAnswers()
        {
            foreach (var (envelope, _, _) in _sent)
            {
                var rows = Decided(envelope.Transaction.TextString(TransactionField.AccountId))
                    .Where(decided => decided.Transaction.TransactionId.SequenceEqual(envelope.Transaction.TransactionId)).ToList();
                Assert.True(rows.Count <= 1, $"Seed {_seed}: a transaction is stored {rows.Count} times.");
                if (envelope.Refusal == Refusal.None)
                {
                    Assert.True(rows.Count == 1, $"Seed {_seed}: an answered transaction is not stored.");
                    Assert.Equal(Text(rows[0].Decision), Text(envelope.Decision));
                }
                else
                {
                    Assert.Equal(Refusal.Unavailable, envelope.Refusal);
                }
            }

            foreach (var (answer, account, id, _) in _labels)
            {
                var labelled = Decided(account).SingleOrDefault(decided => decided.Transaction.TextString(TransactionField.TransactionId) == id);
                var isStored = labelled is not null && Rig.Store.ByAccount[account].Exists(row => row.Labelled == labelled.Sequence);
                Assert.True(answer.Result is not (LabelResult.Stored or LabelResult.Unchanged) || isStored, $"Seed {_seed}: a label that was answered is not stored.");
            }
        }

        /// <summary>An answered response is stored once, with all that it brings about.</summary>
        private void CheckChanges()
        {
            foreach (var (answer, account, id) in _changes.Where(static change => change.Id is not null))
            {
                var key = AlertId.Of(Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(id!)).ToString();
                var document = Rig.Store.Documents.GetValueOrDefault((DocumentKind.Response, key));
                var responses = Rig.Store.ByAccount.GetValueOrDefault(account, []).Where(static row => ChangeCodec.IsChange(row.Entry))
                    .Select(static row => ChangeCodec.Read(row.Entry, row.Sequence)).Where(changed => changed.Response != AlertResponse.None && changed.TransactionId.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(id!))).ToList();
                Assert.True((document is null ? 0 : 1) == responses.Count, $"Seed {_seed}: {account}/{id} has {responses.Count} responses.");
                Assert.True(
                    document is not null || answer.Result is ChangeResult.Unknown or ChangeResult.Unavailable, $"Seed {_seed}: a response that was answered {answer.Result} is not stored.");
                if (responses.Count == 1)
                {
                    var labelled = responses[0].AnsweredSequence;
                    Assert.Contains(Rig.Store.ByAccount[account], row => row.Labelled == labelled && row.IsFraud == (responses[0].Response == AlertResponse.Denied));
                    Assert.Equal(responses[0].Response == AlertResponse.Denied, Rig.Store.Documents.ContainsKey((DocumentKind.Case, key)));
                }
            }
        }

        private void CheckOrder()
        {
            foreach (var (account, rows) in Rig.Store.ByAccount)
            {
                Assert.Equal(Enumerable.Range(1, rows.Count).Select(static i => (long)i), rows.Select(static row => row.Sequence));

                // One that was sent over another node as well may have come before those of its own; one that was refused or given up, at any time.
                var again = _sent.GroupBy(static sent => Id(sent.Envelope.Transaction))
                    .Where(static sent => sent.Count() > 1 || sent.First().Envelope.Refusal != Refusal.None).Select(static sent => sent.Key).ToHashSet();
                again.UnionWith(Rig.Refused);
                var stored = Decided(account).Select(static decided => Id(decided.Transaction)).Where(id => !again.Contains(id)).ToList();
                Assert.True(stored.SequenceEqual(stored.OrderBy(static id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))),
                    $"Seed {_seed}: {account} was decided in the order {string.Join(' ', stored)}.");
            }
        }

        private void CheckDecisions()
        {
            var audit = new JournalAudit([Rig.Nodes[0].Rules]);
            foreach (var row in Rig.Store.ByAccount.Values.SelectMany(static rows => rows))
            {
                audit.Check(row.AccountId, row.Sequence, row.Entry);
            }
        }

        /// <summary>At least what was answered before it was sent, at most what is stored.</summary>
        private void CheckTerminals()
        {
            foreach (var (envelope, _, before) in _sent.Where(static sent => sent.Envelope.Refusal == Refusal.None))
            {
                var terminal = envelope.Transaction.TextString(TransactionField.TerminalId);
                var stored = Decided(envelope.Transaction.TextString(TransactionField.AccountId))
                    .Single(decided => decided.Transaction.TransactionId.SequenceEqual(envelope.Transaction.TransactionId));
                if (stored.Decision.Unanswered != 0)
                {
                    continue;
                }

                bool IsSeen(Transaction other) => other.TextString(TransactionField.TerminalId) == terminal && other.TimestampTicks <= envelope.Transaction.TimestampTicks;
                var known = Rig.Answered.Take(before).Where(static answered => answered.Refusal == Refusal.None).Select(static answered => answered.Transaction)
                    .Where(IsSeen).Select(Key).Append(Key(envelope.Transaction)).Distinct().Count();
                var all = Rig.Store.ByAccount.Keys.SelectMany(Decided).Count(decided => IsSeen(decided.Transaction));
                var seen = stored.Features.Values.ToArray().Single(static value => value.Slot == 0).Number;

                // A resend has the answer of its first sending.
                var isFirst = _sent.Find(sent => Key(sent.Envelope.Transaction) == Key(envelope.Transaction)).Envelope == envelope;
                Assert.True(!isFirst || seen >= known, $"Seed {_seed}: {Key(envelope.Transaction)} saw {seen} at {terminal}, but {known} were answered before.");
                Assert.True(seen <= all, $"Seed {_seed}: {Key(envelope.Transaction)} saw {seen} at {terminal}, but {all} are stored.");
            }

            Probe();
        }

        /// <summary>At the end each terminal knows exactly what is stored.</summary>
        private void Probe()
        {
            for (var terminal = 0; terminal < Terminals; terminal++)
            {
                for (var node = 0; node < Rig.Nodes.Count; node++)
                {
                    var name = $"T{terminal}";
                    var paid = Rig.Store.ByAccount.SelectMany(account => Decided(account.Key).Where(decided => decided.Transaction.TextString(TransactionField.TerminalId) == name)
                        .Select(decided => account.Value.LastOrDefault(row => row.Labelled == decided.Sequence)?.IsFraud ?? false)).ToList();
                    var probe = Rig.Submit(node, $"p{node}-{terminal}", "t", 1_000_000, terminal: name);
                    Rig.Settle(() => Rig.Answered.Contains(probe));
                    var decision = Decided($"p{node}-{terminal}").Single();
                    Assert.Equal(0, decision.Decision.Unanswered);
                    Assert.Equal([paid.Count + 1, paid.Count(static isFraud => isFraud)], decision.Features.Values.ToArray().OrderBy(static value => value.Slot).Select(static value => value.Number));
                }
            }
        }

        private List<TransactionDecided> Decided(string account) => [.. Rig.Store.ByAccount.GetValueOrDefault(account, []).Where(static row => EntryCodec.IsTransaction(row.Entry)).Select(static row =>
        {
            var decided = new TransactionDecided();
            EntryCodec.Read(row.Entry, row.AccountId, row.Sequence, decided);
            return decided;
        })];

        private static string Id(Transaction transaction) => transaction.TextString(TransactionField.TransactionId);

        private static string Key(Transaction transaction) => $"{transaction.TextString(TransactionField.AccountId)}/{Id(transaction)}";

        private static string Text(Decision decision) =>
            $"{decision.Outcome} {decision.Score} {decision.RuleSetNumber} {decision.ListsVersion} {decision.ModelNumber} {decision.Unanswered} " +
            $"{string.Join(',', decision.Hits.ToArray())} {string.Join(',', decision.Errors.ToArray())} {string.Join(',', decision.ModelReasons.ToArray())}";
    }
}
