using System.Collections.Concurrent;
using FraudEngine.Engine;
using FraudEngine.Engine.Remote;

namespace FraudEngine.Cluster;

/// <summary>What other nodes have forwarded to this one: takes it in its order, and writes the answers when they are durable.</summary>
/// <param name="wake">Called when there is something to send, from any thread.</param>
internal sealed class IncomingRequests(int shards, DecisionEngine engine, Action wake)
{
    private readonly Dictionary<string, LinkReceiver?[]> _senders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Reply> _replies = new();
    private int _handling;

    /// <summary>How many messages are being handled.</summary>
    public int Count => Volatile.Read(ref _handling);

    /// <summary>Takes the requests of a message, or gives them back. Called by one thread at a time: the order in which it is called is that of the requests.</summary>
    public void Receive(ref FrameReader part)
    {
        var shard = part.ReadInt32();
        var attempt = part.ReadInt64();
        var sequence = part.ReadInt64();
        var segment = part.ReadInt64();
        var count = part.ReadInt32();
        if (shard < 0 || shard >= shards || count < 0)
        {
            throw new InvalidDataException("A node's message names a shard that does not exist.");
        }

        var reply = new Reply(part.Life, shard, attempt, segment);
        lock (_senders)
        {
            var (receiver, tenure) = (ReceiverOf(part.Life, shard), engine.TenureOf(shard));
            if (!receiver.Accept(attempt, sequence, tenure))
            {
                Answer(reply);
                return;
            }

            try
            {
                engine.Submit(shard, ForwardedBatch.Read(part.Rest, count, done => Answered(reply with { Batch = done })), tenure);
                Interlocked.Increment(ref _handling);
            }
            catch (InvalidDataException)
            {
                // Nothing answers it, and it is asked again; what stands behind it must not overtake it.
                receiver.Break();
                throw;
            }
        }
    }

    /// <summary>Writes the answers that are there. Returns false where an outbox is full.</summary>
    public bool WriteTo(Outboxes outboxes)
    {
        while (_replies.TryPeek(out var reply))
        {
            if (outboxes.IsFull(reply.Sender))
            {
                return false;
            }

            _replies.TryDequeue(out _);
            var frame = outboxes.To(reply.Sender);
            frame.Begin(reply.Batch is null ? FramePart.GivenBack : FramePart.Answers);
            frame.WriteInt32(reply.Shard);
            frame.WriteInt64(reply.Attempt);
            frame.WriteInt64(reply.Segment);
            reply.Batch?.WriteAnswers(frame);
            frame.End();
        }

        return true;
    }

    /// <summary>Forgets a life that is gone.</summary>
    public void Forget(string life)
    {
        lock (_senders)
        {
            _senders.Remove(life);
        }
    }

    private LinkReceiver ReceiverOf(string life, int shard)
    {
        if (!_senders.TryGetValue(life, out var receivers))
        {
            _senders.Add(life, receivers = new LinkReceiver?[shards]);
        }

        return receivers[shard] ??= new LinkReceiver();
    }

    private void Answered(Reply reply)
    {
        Interlocked.Decrement(ref _handling);
        Answer(reply);
    }

    private void Answer(Reply reply)
    {
        _replies.Enqueue(reply);
        wake();
    }

    private sealed record Reply(string Sender, int Shard, long Attempt, long Segment)
    {
        /// <summary>Null where it was given back whole.</summary>
        public ForwardedBatch? Batch { get; init; }
    }
}
