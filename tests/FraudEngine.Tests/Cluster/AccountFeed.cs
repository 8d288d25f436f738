using System.Collections.Concurrent;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Tests.Cluster;

/// <summary>
/// Submits transactions of accounts of its own to one node, many at once and each account's in order, and takes note of the answers. What is refused as unavailable, or not
/// answered because the node was ended, can be submitted to another node.
/// </summary>
internal sealed class AccountFeed(string name, int accounts) : IReplyTo
{
    private const int InFlightMax = 256;

    private readonly ConcurrentQueue<TransactionEnvelope> _answered = new();
    private readonly SortedDictionary<int, TransactionEnvelope> _underWay = [];
    private readonly Dictionary<TransactionEnvelope, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private int _next;

    public int Decided { get; private set; }

    /// <summary>Refusals other than unavailable: none are right.</summary>
    public List<Refusal> Refusals { get; } = [];

    public int Unavailable { get; private set; }

    public int InFlight => _underWay.Count;

    public int Submitted => _next;

    /// <summary>Submits as many as there is room for.</summary>
    public void Pump(TestNode node)
    {
        Collect();
        while (_underWay.Count < InFlightMax && node.Engine.Admission.TryEnter())
        {
            Submit(node, _next++);
        }
    }

    /// <summary>Takes in the answers that have come.</summary>
    public void Collect()
    {
        while (_answered.TryDequeue(out var envelope))
        {
            var number = _numbers[envelope];
            _numbers.Remove(envelope);
            if (envelope.Refusal == Refusal.None)
            {
                _underWay.Remove(number);
                Decided++;
            }
            else if (envelope.Refusal == Refusal.Unavailable)
            {
                Unavailable++;
            }
            else
            {
                Refusals.Add(envelope.Refusal);
            }
        }
    }

    /// <summary>Submits all that has no decision to another node, in order.</summary>
    public void Again(TestNode node)
    {
        Collect();
        foreach (var number in _underWay.Keys.ToArray())
        {
            Assert.True(node.Engine.Admission.TryEnter());
            Submit(node, number);
        }
    }

    public async Task UntilAllAnsweredAsync(string when, params TestNode[] nodes) =>
        await Eventually.ThatAsync(
            () =>
            {
                Collect();
                return InFlight == 0;
            },
            $"all was answered {when}: {InFlight} of {Submitted} of {name} under way, {Unavailable} unavailable; {string.Join("\n", (object[])nodes)}");

    /// <summary>What the journal says of each account is what was submitted, in that order.</summary>
    public async Task CheckJournalAsync(TestNode node)
    {
        Assert.Empty(Refusals);
        for (var account = 0; account < accounts; account++)
        {
            var entries = await node.Engine.ReadEntriesAsync(Encoding.UTF8.GetBytes(IdOf(account)), long.MaxValue, int.MaxValue / 2);
            var expected = Enumerable.Range(0, _next).Where(number => number % accounts == account).Select(static number => $"t{number}");
            Assert.Equal(expected, entries.Reverse().Select(static entry => entry.Transaction.TextString(TransactionField.TransactionId)));
        }
    }

    void IReplyTo.Completed(TransactionEnvelope envelope) => _answered.Enqueue(envelope);

    private string IdOf(int account) => $"{name}-{account}";

    private void Submit(TestNode node, int number)
    {
        var envelope = new TransactionEnvelope(this);
        var transaction = envelope.Transaction;
        transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes($"t{number}"));
        transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(IdOf(number % accounts)));
        transaction.SetText(TransactionField.TerminalId, Encoding.UTF8.GetBytes($"terminal-{number % 97}"));
        transaction.TimestampTicks = new DateTime(2026, 1, 1).Ticks + (number * TimeSpan.TicksPerSecond);
        transaction.Amount = new Money(10_0000);
        _underWay[number] = envelope;
        _numbers[envelope] = number;
        node.Engine.Submit(envelope);
    }
}
