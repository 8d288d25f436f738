using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Remote;

/// <summary>What goes to another node says there what it said here; what is damaged on the way is found to be.</summary>
public sealed class CodecTests
{
    private const int Times = 300;

    private static readonly RulesInForce InForce = new(
        RuleSet.Parse(
            """
            name: visits
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - { id: a, when: "count(terminal, 1h) > 3 && avg(terminal.amount, 1d) > 1 && last(terminal.channel, 1d) == 'online'", score: 0.5, text: A }
            """, "test.yaml", WindowSettings.Default),
        7,
        NamedLists.Empty);

    [Fact]
    public void A_request_says_there_what_it_says_here()
    {
        var random = new Random(1);
        for (var i = 0; i < Times; i++)
        {
            var requests = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Request(random)).ToList();
            var batch = ForwardedBatch.Read(Bytes(requests), requests.Count, static _ => { });
            for (var at = 0; at < requests.Count; at++)
            {
                Assert.Equal(Text(requests[at]), Text(batch.Requests[at]));
                Assert.False(batch.Requests[at].IsAdmitted);
            }
        }
    }

    [Fact]
    public void An_answer_says_there_what_it_says_here()
    {
        var random = new Random(2);
        for (var i = 0; i < Times; i++)
        {
            var (batch, requests) = Answered(random, out var bounced);
            var output = new ArrayBufferWriter<byte>();
            batch.WriteAnswers(output);
            ReadOnlySpan<byte> rest = output.WrittenSpan;
            for (var at = 0; at < requests.Count; at++)
            {
                Assert.Equal(!bounced.Contains(at), RequestCodec.TryReadAnswer(ref rest, requests[at]));
                if (!bounced.Contains(at))
                {
                    Assert.Equal(AnswerText(batch.Requests[at]), AnswerText(requests[at]));
                }
            }

            Assert.True(rest.IsEmpty);
            Assert.Equal(bounced.Count > 0, batch.IsBounced);
        }
    }

    [Fact]
    public void A_batch_is_completed_with_its_last_request()
    {
        var completed = 0;
        var random = new Random(3);
        var requests = Enumerable.Range(0, 3).Select(_ => Request(random)).ToList();
        var batch = ForwardedBatch.Read(Bytes(requests), 3, _ => completed++);
        batch.Requests[1].GiveOut();
        batch.Bounce(batch.Requests[0]);
        Assert.Equal(0, completed);
        batch.Requests[2].GiveOut();
        Assert.Equal(1, completed);
    }

    [Fact]
    public void Damaged_requests_are_refused_whole()
    {
        var random = new Random(4);
        for (var i = 0; i < Times * 10; i++)
        {
            var requests = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Request(random)).ToList();
            OnlyInvalid(() => ForwardedBatch.Read(Damage(random, Bytes(requests)), requests.Count, static _ => { }));
        }
    }

    [Fact]
    public void Damaged_answers_are_refused()
    {
        var random = new Random(5);
        for (var i = 0; i < Times * 10; i++)
        {
            var (batch, requests) = Answered(random, out _);
            var output = new ArrayBufferWriter<byte>();
            batch.WriteAnswers(output);
            OnlyInvalid(() =>
            {
                ReadOnlySpan<byte> rest = Damage(random, output.WrittenSpan.ToArray());
                requests.ForEach(request => RequestCodec.AreKnown(request, new ReasonCatalog()));
                foreach (var request in requests)
                {
                    RequestCodec.TryReadAnswer(ref rest, request);
                }
            });
        }
    }

    [Fact]
    public void A_visit_brings_back_what_it_read()
    {
        var random = new Random(6);
        for (var i = 0; i < Times; i++)
        {
            var (visit, answer) = Visited(random);
            var home = new ComingHome(InForce);
            Assert.True(VisitCodec.TryReturn(answer.Span, home));
            Assert.Equal(VisitAnswer.Read, home.Answer);
            Assert.Equal(Text(visit.ForRules), Text(home.ForRules));
        }
    }

    [Fact]
    public void A_visit_for_other_rules_or_to_a_shard_that_is_away_is_to_be_sent_again()
    {
        Assert.Null(VisitCodec.Read(VisitBytes(new Random(7)), InForce with { Number = 8 }, static _ => { }));
        var home = new ComingHome(InForce);
        Assert.False(VisitCodec.TryReturn(RemoteVisit.Only(VisitAnswer.Outdated).Span, home));
        Assert.False(VisitCodec.TryReturn(RemoteVisit.Only(VisitAnswer.Away).Span, home));
        Assert.Equal(VisitAnswer.None, home.Answer);
        Assert.True(VisitCodec.TryReturn(RemoteVisit.Only(VisitAnswer.Unreadable).Span, home));
        Assert.Equal(VisitAnswer.Unreadable, home.Answer);
    }

    [Fact]
    public void Damaged_visits_are_refused()
    {
        var random = new Random(8);
        for (var i = 0; i < Times * 10; i++)
        {
            OnlyInvalid(() => VisitCodec.Read(Damage(random, VisitBytes(random)), InForce, static _ => { }));
            OnlyInvalid(() => VisitCodec.TryReturn(Damage(random, Visited(random).Answer.ToArray()), new ComingHome(InForce)));
        }
    }

    private static void OnlyInvalid(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // As it should be; what reads as something else is not seen to be damaged.
        }
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        switch (random.Next(3))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                var from = random.Next(bytes.Length);
                random.NextBytes(bytes.AsSpan(from, Math.Min(1 + random.Next(12), bytes.Length - from)));
                return bytes;
        }
    }

    private static byte[] Bytes(List<AccountRequest> requests)
    {
        var output = new ArrayBufferWriter<byte>();
        requests.ForEach(request => RequestCodec.Write(output, request));
        return output.WrittenSpan.ToArray();
    }

    private static AccountRequest Request(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return new LabelRequest(Id(random), Id(random), random.Next(2) == 0);
            case 2:
                return new ChangeRequest(Id(random), Order(random));
            case 1:
                return new AccountQuery(Id(random), random.Next(2) == 0 ? null : random.NextInt64());
            default:
                var envelope = new TransactionEnvelope(null!);
                Fill(random, envelope.Transaction);
                return envelope;
        }
    }

    private static AccountOrder Order(Random random)
    {
        var by = random.Next(2) == 0 ? "customer" : "Ärztin";
        var at = random.NextInt64();
        return random.Next(4) switch
        {
            0 => new RespondOrder(Id(random), (AlertResponse)(1 + random.Next(2)), new ResponseTerms(random.NextInt64(), random.Next(2) == 0 ? Outcome.Review : Outcome.Decline), by, at),
            1 => new HoldOrder(random.Next(2) == 0 ? Outcome.Review : Outcome.Decline, new string('ß', random.Next(1_000)), by, at),
            2 => new ReleaseOrder(new string('r', random.Next(300)), by, at),
            _ => new PreferencesOrder(
                [.. Enumerable.Range(0, random.Next(4)).Select(number => new ChosenActivity(
                    $"activity-{number}", random.Next(2) == 0 ? null : Number(random), random.Next(2) == 0 ? null : "Grüße"))],
                RandomNumberGenerator.GetBytes(random.Next(2_000)), random.Next(2) == 0, by, at),
        };
    }

    private static void Fill(Random random, Transaction transaction)
    {
        for (var field = TransactionField.TransactionId; field < TransactionField.Channel; field++)
        {
            transaction.SetText(field, field <= TransactionField.TerminalId || random.Next(2) == 0 ? Id(random) : []);
        }

        transaction.TimestampTicks = random.NextInt64();
        transaction.Amount = new Money(random.NextInt64(10_000_000_000_000_000));
        transaction.Channel = (Channel)random.Next(5);
        if (random.Next(2) == 0)
        {
            transaction.HasPosition = true;
            transaction.LatitudeE7 = random.Next(-900_000_000, 900_000_001);
            transaction.LongitudeE7 = random.Next(-1_800_000_000, 1_800_000_001);
        }
    }

    private static byte[] Id(Random random) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1 + random.Next(64)).Select(_ => random.Next(9) == 0 ? "ä" : "x")));

    private static (ForwardedBatch Batch, List<AccountRequest> Requests) Answered(Random random, out HashSet<int> bounced)
    {
        var requests = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Request(random)).ToList();
        var batch = ForwardedBatch.Read(Bytes(requests), requests.Count, static _ => { });
        bounced = [];
        for (var at = 0; at < requests.Count; at++)
        {
            if (random.Next(6) == 0)
            {
                bounced.Add(at);
                batch.Bounce(batch.Requests[at]);
            }
            else if (random.Next(6) == 0)
            {
                batch.Requests[at].RefuseAsUnavailable();
            }
            else
            {
                Answer(random, batch.Requests[at]);
            }
        }

        return (batch, requests);
    }

    private static void Answer(Random random, AccountRequest request)
    {
        switch (request)
        {
            case TransactionEnvelope envelope:
                var decision = envelope.Decision;
                decision.Outcome = (Outcome)(1 + random.Next(3));
                decision.Score = new Score(random.Next(Score.One + 1));
                decision.RuleSetNumber = random.Next();
                decision.ListsVersion = random.NextInt64();
                decision.ModelNumber = random.Next();
                decision.Unanswered = random.Next(64);
                for (var left = random.Next(5); left > 0; left--)
                {
                    decision.AddHit(random.Next(ushort.MaxValue));
                    decision.AddError(random.Next(ushort.MaxValue));
                    decision.AddModelReason(random.Next(ushort.MaxValue));
                }

                decision.TermsSequence = random.Next(2) == 0 ? 0 : random.NextInt64();
                decision.Held = (Outcome)(random.Next(3) is var held and > 0 ? held + 1 : 0);
                decision.IsConfirmedPattern = random.Next(2) == 0;
                for (var left = random.Next(3); left > 0; left--)
                {
                    decision.AddActivity(random.Next(ushort.MaxValue));
                }

                break;
            case LabelRequest label:
                label.Result = (LabelResult)(1 + random.Next(4));
                break;
            case ChangeRequest change:
                change.Result = (ChangeResult)(1 + random.Next(5));
                break;
            case AccountQuery query when random.Next(4) == 0:
                query.View = AccountView.OfTerms(
                    AccountTerms.None.WithHold(new AccountHold(Outcome.Decline, "analyst", new string('ö', random.Next(400)), random.NextInt64()), random.NextInt64()));
                break;
            case AccountQuery query when random.Next(3) > 0:
                query.View = new AccountView(random.NextInt64(), random.NextInt64(), random.NextInt64(), [.. Enumerable.Range(0, random.Next(4)).Select(_ => new WindowReading(
                    "count", TransactionField.Amount, "30d", random.Next(2) == 0 ? null : Number(random), random.Next(2) == 0 ? null : "text", random.Next(2) == 0))], AccountTerms.None);
                break;
        }
    }

    private static decimal Number(Random random) => new(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29));

    private static string Text(AccountRequest request) => request switch
    {
        TransactionEnvelope envelope => Text(envelope.Transaction),
        LabelRequest label => $"{Convert.ToHexString(label.AccountId)} {Convert.ToHexString(label.TransactionId)} {label.IsFraud}",
        AccountQuery query => $"{Convert.ToHexString(query.AccountId)} {query.AsOfTicks}",
        ChangeRequest { Order: RespondOrder order } change =>
            $"{Convert.ToHexString(change.AccountId)} {Convert.ToHexString(order.TransactionId)} {order.Response} {order.Terms} {order.By} {order.AtTicks}",
        ChangeRequest { Order: PreferencesOrder order } change =>
            $"{Convert.ToHexString(change.AccountId)} {Convert.ToHexString(order.Body)} {order.IsRemoved} {string.Join(';', order.Activity)} {order.By} {order.AtTicks}",
        ChangeRequest change => $"{Convert.ToHexString(change.AccountId)} {change.Order}",
        _ => throw new ArgumentException("An unknown request."),
    };

    private static string Text(Transaction transaction)
    {
        var texts = Enumerable.Range((int)TransactionField.TransactionId, Transaction.TextFields).Select(field => transaction.TextString((TransactionField)field));
        return $"{string.Join('|', texts)} {transaction.TimestampTicks} {transaction.Amount.Units} {transaction.Channel} {transaction.HasPosition} {transaction.LatitudeE7} {transaction.LongitudeE7}";
    }

    private static string AnswerText(AccountRequest request) => request switch
    {
        TransactionEnvelope { Refusal: not Refusal.None } envelope => envelope.Refusal.ToString(),
        TransactionEnvelope { Decision: var decision } =>
            $"{decision.Outcome} {decision.Score} {decision.RuleSetNumber} {decision.ListsVersion} {decision.ModelNumber} {decision.Unanswered} " +
            $"{string.Join(',', decision.Hits.ToArray())} {string.Join(',', decision.Errors.ToArray())} {string.Join(',', decision.ModelReasons.ToArray())} " +
            $"{decision.TermsSequence} {decision.Held} {decision.IsConfirmedPattern} {string.Join(',', decision.Activity.ToArray())}",
        ChangeRequest change => change.Result.ToString(),
        LabelRequest label => label.Result.ToString(),
        AccountQuery { View: null } query => $"none {query.IsUnavailable}",
        AccountQuery { View: var view } => $"{view.Transactions} {view.AsOfTicks} {view.NewestTicks} {string.Join(';', view.Windows)} {view.Hold} {view.Terms.Sequence}",
        _ => throw new ArgumentException("An unknown request."),
    };

    private static string Text(WindowValues values) => string.Join(' ', Enumerable.Range(0, InForce.Rules.Plans[EntityKind.Terminal].Specs.Length).Select(slot =>
    {
        var isText = InForce.Rules.Plans[EntityKind.Terminal].Specs[slot].IsText;
        var status = isText ? values.Text(slot, out var text) : values.Number(slot, out _);
        _ = values.Number(slot, out var number);
        _ = values.Text(slot, out text);
        return status == WindowStatus.Ok ? $"{(isText ? text : number)}" : status.ToString();
    }));

    private static byte[] VisitBytes(Random random)
    {
        var visit = new ComingHome(InForce);
        Fill(random, visit.Transaction);
        var output = new ArrayBufferWriter<byte>();
        VisitCodec.Write(output, visit);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A visit that has read something, and what is sent back.</summary>
    private static (RemoteVisit Visit, ReadOnlyMemory<byte> Answer) Visited(Random random)
    {
        ReadOnlyMemory<byte> answered = default;
        var visit = VisitCodec.Read(VisitBytes(random), InForce, answer => answered = answer)!;
        var specs = InForce.Rules.Plans[EntityKind.Terminal].Specs;
        visit.ForRules.Clear(specs.Length);
        for (var slot = 0; slot < specs.Length; slot++)
        {
            if (random.Next(3) == 0)
            {
                visit.ForRules.Set(slot, WindowStatus.Forgotten);
            }
            else
            {
                visit.ForRules.Set(slot, specs[slot].IsText ? 0 : Number(random), specs[slot].IsText ? new TextKey((ulong)random.NextInt64(), (ulong)random.NextInt64()) : default);
            }
        }

        visit.Return(VisitAnswer.Read);
        return (visit, answered);
    }

    /// <summary>A visit that ends where it comes back.</summary>
    private sealed class ComingHome(RulesInForce inForce) : Visit(envelope: null, EntityKind.Terminal, inForce)
    {
        public override void Return(VisitAnswer answer) => Answer = answer;
    }
}
