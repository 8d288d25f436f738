using FraudEngine.Engine.Remote;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Cluster;

/// <summary>
/// Visits to entities of other nodes that are not back. One that can't be received is sent again a little later; one that the account no longer waits for is forgotten.
/// Under a lock of its own, since visits are sent and come back on different threads.
/// </summary>
internal sealed class PendingVisits(TimeSpan timeout)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingVisit> _byId = [];

    // In the order in which they were sent first, which is that in which they expire.
    private readonly Queue<PendingVisit> _byAge = new();
    private long _lastId;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count;
            }
        }
    }

    public PendingVisit Add(int shard, Visit visit, TimeSpan now)
    {
        lock (_gate)
        {
            var pending = new PendingVisit(++_lastId, shard, visit, now + timeout);
            _byId.Add(pending.Id, pending);
            _byAge.Enqueue(pending);
            return pending;
        }
    }

    /// <summary>Takes out a visit that has come back; null where nobody waits for it any more.</summary>
    public PendingVisit? Take(long id)
    {
        lock (_gate)
        {
            _byId.Remove(id, out var pending);
            return pending;
        }
    }

    /// <summary>Has a visit sent again a little later.</summary>
    public void Retry(PendingVisit visit, TimeSpan now)
    {
        lock (_gate)
        {
            visit.RetryAt = now + RetryAfter;
            if (_byId.TryAdd(visit.Id, visit))
            {
                _byAge.Enqueue(visit);
            }
        }
    }

    /// <summary>Lets a visit wait whose shard nobody owns now.</summary>
    public void Hold(PendingVisit visit)
    {
        lock (_gate)
        {
            visit.SentTo = null;
            visit.RetryAt = TimeSpan.MaxValue;
        }
    }

    /// <summary>Has all visits sent again: what was under way is lost.</summary>
    public void RetryAll()
    {
        lock (_gate)
        {
            foreach (var visit in _byId.Values)
            {
                visit.RetryAt = TimeSpan.Zero;
            }
        }
    }

    /// <summary>
    /// Writes a visit that is still waited for, or does nothing. From when it has come back it is its account's again, and may change: so it is written under the lock
    /// under which it is taken out.
    /// </summary>
    public void Write(PendingVisit visit, string owner, FrameWriter frame)
    {
        lock (_gate)
        {
            if (!_byId.ContainsKey(visit.Id))
            {
                return;
            }

            visit.SentTo = owner;
            visit.RetryAt = TimeSpan.MaxValue;
            frame.Begin(FramePart.Visit);
            frame.WriteInt64(visit.Id);
            VisitCodec.Write(frame, visit.Visit);
            frame.End();
        }
    }

    /// <summary>Forgets what is too old and takes note of what is to be sent again now: what was given back, and what went to another than the present owner.</summary>
    public void TakeDue(TimeSpan now, Func<int, string?> ownerOf, List<PendingVisit> due)
    {
        lock (_gate)
        {
            while (_byAge.TryPeek(out var oldest) && (oldest.ExpiresAt <= now || !_byId.ContainsKey(oldest.Id)))
            {
                _byAge.Dequeue();
                _byId.Remove(oldest.Id);
            }

            foreach (var visit in _byId.Values)
            {
                if (visit.RetryAt <= now || visit.SentTo != ownerOf(visit.Shard))
                {
                    due.Add(visit);
                }
            }
        }
    }
}

/// <summary>A visit that is not back.</summary>
internal sealed class PendingVisit(long id, int shard, Visit visit, TimeSpan expiresAt)
{
    public long Id { get; } = id;

    /// <summary>Of the entity.</summary>
    public int Shard { get; } = shard;

    public Visit Visit { get; } = visit;

    public TimeSpan ExpiresAt { get; } = expiresAt;

    /// <summary>When it is to be sent again; never while it is under way.</summary>
    public TimeSpan RetryAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>The life to which it went last; null before.</summary>
    public string? SentTo { get; set; }
}
