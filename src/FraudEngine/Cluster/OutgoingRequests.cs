using System.Collections.Concurrent;
using FraudEngine.Engine;
using FraudEngine.Engine.Remote;

namespace FraudEngine.Cluster;

/// <summary>The requests of this node for shards of others, from when the engine hands them over until they are answered.</summary>
internal sealed class OutgoingRequests
{
    private readonly Lane[] _lanes;
    private readonly ConcurrentQueue<int> _dirty = new();
    private readonly Func<TimeSpan> _now;
    private readonly Action _wake;
    private long _forwarded;
    private int _count;

    /// <param name="wake">Called when there is something to send, from any thread.</param>
    public OutgoingRequests(int shards, LinkTimes times, Func<TimeSpan> now, Action wake)
    {
        _lanes = [.. Enumerable.Range(0, shards).Select(_ => new Lane(times))];
        _now = now;
        _wake = wake;
    }

    /// <summary>How many were ever forwarded.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>How many are unanswered.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Called on turn loops: takes no lock.</summary>
    public void Add(int shard, ReadOnlySpan<AccountRequest> requests)
    {
        var lane = _lanes[shard];
        var now = _now();
        Interlocked.Add(ref _forwarded, requests.Length);
        Interlocked.Add(ref _count, requests.Length);
        foreach (var request in requests)
        {
            lane.Incoming.Enqueue((request, now));
        }

        Touch(shard);
    }

    /// <summary>Writes what can be sent now. Returns false where an outbox is full: what it holds must go before more is written.</summary>
    /// <param name="ownerOf">The life that owns a shard and can be reached; null where there is none.</param>
    public bool WriteTo(Outboxes outboxes, Func<int, string?> ownerOf)
    {
        while (_dirty.TryDequeue(out var shard))
        {
            Volatile.Write(ref _lanes[shard].IsDirty, 0);
            if (!Write(shard, ownerOf(shard), outboxes))
            {
                Touch(shard);
                return false;
            }
        }

        return true;
    }

    /// <summary>Has all shards looked at that hold something, as time has passed or owners may have changed; takes out what has waited too long.</summary>
    public void Tick(List<AccountRequest> expired)
    {
        if (Count == 0)
        {
            return;
        }

        var now = _now();
        for (var shard = 0; shard < _lanes.Length; shard++)
        {
            var lane = _lanes[shard];
            lock (lane.Gate)
            {
                lane.TakeIncoming();
                lane.Link.TakeExpired(now, expired);
                if (lane.Link.IsEmpty)
                {
                    continue;
                }
            }

            Touch(shard);
        }

        Interlocked.Add(ref _count, -expired.Count);
    }

    /// <summary>Has all shards looked at that hold something: owners have changed.</summary>
    public void TouchAll()
    {
        for (var shard = 0; shard < _lanes.Length && Count > 0; shard++)
        {
            Touch(shard);
        }
    }

    /// <summary>What was sent to a life, or to all where it is null, may be lost.</summary>
    public void AskAgain(string? owner)
    {
        for (var shard = 0; shard < _lanes.Length; shard++)
        {
            var lane = _lanes[shard];
            lock (lane.Gate)
            {
                if (lane.Link.IsEmpty || (owner is not null && lane.Link.Owner != owner))
                {
                    continue;
                }

                lane.Link.AskAgain();
            }

            Touch(shard);
        }
    }

    /// <summary>Reads an answer. Adds to <paramref name="answered"/> the requests that now hold theirs.</summary>
    public void Answer(ref FrameReader part, List<AccountRequest> answered)
    {
        var (lane, shard) = LaneOf(part.ReadInt32());
        var attempt = part.ReadInt64();
        var id = part.ReadInt64();
        lock (lane.Gate)
        {
            if (lane.Link.Find(id) is not { } segment)
            {
                return;
            }

            var before = answered.Count;
            Span<bool> isAnswered = new bool[segment.Entries.Count];
            try
            {
                var rest = part.Rest;
                for (var i = 0; i < isAnswered.Length; i++)
                {
                    var request = segment.Entries[i].Request;
                    isAnswered[i] = RequestCodec.TryReadAnswer(ref rest, request);
                    if (isAnswered[i])
                    {
                        answered.Add(request);
                    }
                }
            }
            catch (InvalidDataException)
            {
                // They stay unanswered, and are asked again.
                answered.RemoveRange(before, answered.Count - before);
                segment.Entries.ForEach(static entry => entry.Request.PrepareToRedo());
                throw;
            }

            lane.Link.Settle(segment, attempt, isAnswered, _now());
            Interlocked.Add(ref _count, before - answered.Count);
            if (lane.Link.IsEmpty)
            {
                return;
            }
        }

        Touch(shard);
    }

    public void GiveBack(ref FrameReader part)
    {
        var (lane, shard) = LaneOf(part.ReadInt32());
        var attempt = part.ReadInt64();
        lock (lane.Gate)
        {
            lane.Link.GiveBack(attempt, _now());
        }

        Touch(shard);
    }

    /// <summary>Takes out everything, as nobody will bring answers any more.</summary>
    public List<AccountRequest> TakeAll()
    {
        var all = new List<AccountRequest>();
        foreach (var lane in _lanes)
        {
            lock (lane.Gate)
            {
                lane.TakeIncoming();
                lane.Link.TakeAll(all);
            }
        }

        Interlocked.Add(ref _count, -all.Count);
        return all;
    }

    /// <summary>How long the one has waited that has waited longest.</summary>
    public TimeSpan Lag()
    {
        var now = _now();
        var oldest = now;
        if (Count > 0)
        {
            foreach (var lane in _lanes)
            {
                lock (lane.Gate)
                {
                    oldest = lane.Link.Oldest is { } since && since < oldest ? since : oldest;
                }
            }
        }

        return now - oldest;
    }

    private bool Write(int shard, string? owner, Outboxes outboxes)
    {
        var lane = _lanes[shard];
        lock (lane.Gate)
        {
            lane.TakeIncoming();
            lane.Link.SetOwner(owner);
            while (true)
            {
                if (owner is null)
                {
                    return true;
                }

                if (outboxes.IsFull(owner))
                {
                    return false;
                }

                if (lane.Link.Next(_now()) is not { } segment)
                {
                    return true;
                }

                var frame = outboxes.To(owner);
                frame.Begin(FramePart.Requests);
                frame.WriteInt32(shard);
                frame.WriteInt64(lane.Link.Attempt);
                frame.WriteInt64(segment.Sequence);
                frame.WriteInt64(segment.Id);
                frame.WriteInt32(segment.Entries.Count);
                foreach (var entry in segment.Entries)
                {
                    RequestCodec.Write(frame, entry.Request);
                }

                frame.End();
            }
        }
    }

    private (Lane Lane, int Shard) LaneOf(int shard) =>
        shard >= 0 && shard < _lanes.Length ? (_lanes[shard], shard) : throw new InvalidDataException("A node's message names a shard that does not exist.");

    private void Touch(int shard)
    {
        if (Interlocked.Exchange(ref _lanes[shard].IsDirty, 1) == 0)
        {
            _dirty.Enqueue(shard);
            _wake();
        }
    }

    /// <summary>What is forwarded for one shard.</summary>
    private sealed class Lane(LinkTimes times)
    {
        public int IsDirty;

        public Lock Gate { get; } = new();

        public ConcurrentQueue<(AccountRequest Request, TimeSpan Since)> Incoming { get; } = new();

        /// <summary>Only under the lock.</summary>
        public ShardLink<AccountRequest> Link { get; } = new(times);

        public void TakeIncoming()
        {
            while (Incoming.TryDequeue(out var incoming))
            {
                Link.Add(incoming.Request, incoming.Request is TransactionEnvelope { IsPatient: true }, incoming.Since);
            }
        }
    }
}
