using System.Collections.Concurrent;
using FraudEngine.Engine;
using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Cluster;

/// <summary>Visits to entities of shards of other nodes, and theirs to entities here.</summary>
/// <param name="wake">Called when there is something to send, from any thread.</param>
internal sealed class Visits(DecisionEngine engine, PendingVisits pending, Func<TimeSpan> now, Action wake)
{
    private readonly ConcurrentQueue<(int Shard, Visit Visit)> _leaving = new();
    private readonly ConcurrentQueue<(string Sender, long Id, byte[] Answer)> _answers = new();
    private readonly Queue<PendingVisit> _ready = new();
    private readonly List<PendingVisit> _due = [];
    private int _isTickDue;

    public int Count => pending.Count + _leaving.Count;

    /// <summary>Called on turn loops: takes no lock.</summary>
    public void Send(int shard, Visit visit)
    {
        _leaving.Enqueue((shard, visit));
        wake();
    }

    /// <summary>Has what waits looked at again by the sender.</summary>
    public void Tick() => Volatile.Write(ref _isTickDue, 1);

    /// <summary>What was sent may be lost.</summary>
    public void SendAgain() => pending.RetryAll();

    /// <summary>Writes what can be sent now. Returns false where an outbox is full. Called by the sender only.</summary>
    public bool WriteTo(Outboxes outboxes, Func<int, string?> ownerOf)
    {
        while (_answers.TryPeek(out var answer))
        {
            if (outboxes.IsFull(answer.Sender))
            {
                return false;
            }

            _answers.TryDequeue(out _);
            var frame = outboxes.To(answer.Sender);
            frame.Begin(FramePart.VisitAnswer);
            frame.WriteInt64(answer.Id);
            frame.WriteBytes(answer.Answer);
            frame.End();
        }

        while (_leaving.TryDequeue(out var leaving))
        {
            _ready.Enqueue(pending.Add(leaving.Shard, leaving.Visit, now()));
        }

        if (Interlocked.Exchange(ref _isTickDue, 0) == 1)
        {
            _due.Clear();
            pending.TakeDue(now(), ownerOf, _due);
            _due.ForEach(_ready.Enqueue);
        }

        while (_ready.TryPeek(out var visit))
        {
            // Where nobody owns the shard it waits: its turn comes with a later tick.
            if (ownerOf(visit.Shard) is { } owner)
            {
                if (outboxes.IsFull(owner))
                {
                    return false;
                }

                pending.Write(visit, owner, outboxes.To(owner));
            }
            else
            {
                pending.Hold(visit);
            }

            _ready.Dequeue();
        }

        return true;
    }

    /// <summary>Takes a visit from another node.</summary>
    public void Receive(ref FrameReader part)
    {
        var sender = part.Life;
        var id = part.ReadInt64();
        engine.Receive(part.Rest, answer =>
        {
            _answers.Enqueue((sender, id, answer.ToArray()));
            wake();
        });
    }

    /// <summary>Takes what a visit found back to its account.</summary>
    public void Return(ref FrameReader part)
    {
        if (pending.Take(part.ReadInt64()) is { } visit && !VisitCodec.TryReturn(part.Rest, visit.Visit))
        {
            pending.Retry(visit, now());
        }
    }
}
