using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using PaymentSimulator;

namespace FraudEngine.Tests.Cluster;

/// <summary>One transaction that a client of the tests sends, as often as it takes.</summary>
internal sealed class Sent(string accountId, string transactionId, string line)
{
    public string AccountId { get; } = accountId;

    public string TransactionId { get; } = transactionId;

    /// <summary>Its JSON, without a line feed.</summary>
    public string Line { get; } = line;

    /// <summary>When it was sent first and when it was answered, by the book's own clock; 0 where it was not.</summary>
    public long SentAt { get; set; }

    public long AnsweredAt { get; set; }

    /// <summary>The decision, as it was first given.</summary>
    public string? Answer { get; set; }

    /// <summary>Whether it was refused for the time being, so that the next of its account may have come before it.</summary>
    public bool WasRefused { get; set; }

    /// <summary>Whether it went by the feed, where nobody is answered.</summary>
    public bool IsOfFeed { get; set; }

    public static Sent Of(string line)
    {
        using var json = JsonDocument.Parse(line);
        return new Sent(json.RootElement.GetProperty("accountId").GetString()!, json.RootElement.GetProperty("transactionId").GetString()!, line);
    }
}

/// <summary>What all clients of a test sent, in which order, and what they were told.</summary>
internal sealed class SentBook
{
    private readonly ConcurrentDictionary<string, List<Sent>> _accounts = new();
    private long _clock;
    private int _count;
    private int _refused;
    private int _losses;

    /// <summary>Transactions that were sent.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Answers 503, each line of a stream by itself.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Requests that broke off, could not be made or were not answered in time.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>What should never be: any other answer.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Why requests broke off.</summary>
    public ConcurrentQueue<string> LossReasons { get; } = new();

    public IReadOnlyDictionary<string, List<Sent>> Accounts => _accounts;

    /// <summary>Called by one client at a time for each account, in the order in which it sends.</summary>
    public void Sending(Sent sent)
    {
        if (sent.SentAt == 0)
        {
            sent.SentAt = Interlocked.Increment(ref _clock);
            Interlocked.Increment(ref _count);
            _accounts.GetOrAdd(sent.AccountId, static _ => []).Add(sent);
        }
    }

    public void Answered(Sent sent, string answer)
    {
        sent.Answer = answer;
        sent.AnsweredAt = Interlocked.Increment(ref _clock);
    }

    public void RefusedForNow(Sent sent)
    {
        sent.WasRefused = true;
        Interlocked.Increment(ref _refused);
    }

    public void Lost(string reason)
    {
        Interlocked.Increment(ref _losses);
        LossReasons.Enqueue(reason);
    }

    public override string ToString() => $"{Count} sent, {Refused} answers 503, {Losses} requests lost";
}

/// <summary>Simulated payments, dealt to lanes by account, in order.</summary>
internal sealed class PaymentSource
{
    private readonly Lock _lock = new();
    private readonly Simulator _simulator;
    private readonly Queue<Sent>[] _lanes;
    private readonly System.Buffers.ArrayBufferWriter<byte> _line = new();

    public PaymentSource(int seed, int lanes)
    {
        _simulator = new Simulator(new SimulationSettings { Seed = seed, Customers = 2_000, Terminals = 400, FraudShare = 0.02 });
        _lanes = [.. Enumerable.Range(0, lanes).Select(static _ => new Queue<Sent>())];
    }

    public Sent Next(int lane)
    {
        lock (_lock)
        {
            while (_lanes[lane].Count == 0)
            {
                var payment = _simulator.Next();
                _line.ResetWrittenCount();
                PaymentJson.Write(payment, _line);
                var hash = Hash64.Of(Encoding.UTF8.GetBytes(payment.AccountId), seed: 1);
                _lanes[hash % (ulong)_lanes.Length].Enqueue(new Sent(payment.AccountId, payment.TransactionId, Encoding.UTF8.GetString(_line.WrittenSpan[..^1])));
            }

            return _lanes[lane].Dequeue();
        }
    }
}
