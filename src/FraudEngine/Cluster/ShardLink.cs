namespace FraudEngine.Cluster;

/// <summary>
/// One node's requests for one shard of another node, until they are answered: they are sent in order, and asked again whenever an answer may not come. A pure
/// state machine; whoever uses it has a lock around it.
/// <para>
/// Messages are numbered within an <em>attempt</em>. The receiver takes the first message of a newer attempt, or the next of the present one, and gives back every
/// other (<see cref="LinkReceiver"/>). So when one was lost or given back, all that stand behind it are given back too, and the next attempt sends all that is
/// unanswered in its old order: no request overtakes an earlier one. What was handled before is found by its id.
/// </para>
/// </summary>
internal sealed class ShardLink<TRequest>(LinkTimes times)
    where TRequest : class
{
    private readonly List<LinkSegment<TRequest>> _segments = [];
    private readonly Queue<LinkEntry<TRequest>> _waiting = new();
    private string? _owner;
    private long _lastSegment;

    // Segments before this index are sent in the present attempt.
    private int _sent;
    private long _sequence;
    private TimeSpan _notBefore;
    private TimeSpan _lastAnswer;
    private TimeSpan _askAgainAfter = times.AskAgainAfter;
    private TimeSpan _delay;
    private TimeSpan _nextExpiry = TimeSpan.MaxValue;

    // An attempt begins with one segment, and goes on with the others when that is answered: while the shard is on its way to another node, little is sent in vain.
    private bool _isProbing = true;

    public long Attempt { get; private set; } = 1;

    public string? Owner => _owner;

    public bool IsEmpty => _segments.Count == 0 && _waiting.Count == 0;

    public int Count { get; private set; }

    /// <summary>When the request came that has waited longest; null where there is none.</summary>
    public TimeSpan? Oldest => _segments.Count > 0 ? _segments[0].Entries[0].Since : _waiting.TryPeek(out var entry) ? entry.Since : null;

    /// <param name="isPatient">It waits for as long as it takes.</param>
    public void Add(TRequest request, bool isPatient, TimeSpan now)
    {
        _waiting.Enqueue(new LinkEntry<TRequest>(request, isPatient, now));
        Count++;
        if (!isPatient && now + times.ForwardTimeout < _nextExpiry)
        {
            _nextExpiry = now + times.ForwardTimeout;
        }
    }

    /// <summary>Says who owns the shard now; null where that is not known, or it can't be reached: then everything waits.</summary>
    public void SetOwner(string? owner)
    {
        if (owner != _owner)
        {
            _owner = owner;
            AskAgain();
        }
    }

    /// <summary>What was sent may be lost: all that is unanswered is sent again at once.</summary>
    public void AskAgain()
    {
        _delay = TimeSpan.Zero;
        _askAgainAfter = times.AskAgainAfter;
        Begin(TimeSpan.Zero);
    }

    /// <summary>The next message that is to be sent now; null where there is none. It counts as sent.</summary>
    public LinkSegment<TRequest>? Next(TimeSpan now)
    {
        if (_owner is null || now < _notBefore)
        {
            return null;
        }

        if (_sent > 0 && IsOverdue(now))
        {
            // The owner may only be slow: the longer it takes, the more seldom it is asked.
            Begin(TimeSpan.Zero);
            _askAgainAfter = _askAgainAfter * 2 < times.ForwardTimeout ? _askAgainAfter * 2 : times.ForwardTimeout;
        }

        if (_isProbing && _sent > 0)
        {
            return null;
        }

        if (_sent == _segments.Count)
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            _segments.Add(TakeWaiting());
        }

        if (_sent == 0)
        {
            _lastAnswer = now;
        }

        var segment = _segments[_sent++];
        segment.SentAt = now;
        segment.Sequence = _sequence++;
        return segment;
    }

    /// <summary>What a message has asked, as long as it is unanswered.</summary>
    public LinkSegment<TRequest>? Find(long segment) => _segments.Find(open => open.Id == segment);

    /// <summary>Takes note of which requests of a message were answered; they are no longer the link's. The others were given back, and are sent again.</summary>
    /// <param name="attempt">In which it was asked; an answer to an earlier attempt is as good.</param>
    public void Settle(LinkSegment<TRequest> segment, long attempt, ReadOnlySpan<bool> answered, TimeSpan now)
    {
        var at = _segments.IndexOf(segment);
        var left = new List<LinkEntry<TRequest>>();
        for (var i = 0; i < answered.Length; i++)
        {
            if (!answered[i])
            {
                left.Add(segment.Entries[i]);
            }
        }

        _lastAnswer = now;
        _askAgainAfter = times.AskAgainAfter;
        Count -= answered.Length - left.Count;
        Replace(at, left);
        if (left.Count > 0)
        {
            GiveBack(now);
        }
        else if (attempt == Attempt)
        {
            _isProbing = false;
            _delay = TimeSpan.Zero;
        }
    }

    /// <summary>A message was given back whole.</summary>
    public void GiveBack(long attempt, TimeSpan now)
    {
        if (attempt == Attempt)
        {
            GiveBack(now);
        }
    }

    /// <summary>Takes out the requests that have waited too long.</summary>
    public void TakeExpired(TimeSpan now, List<TRequest> expired)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = TimeSpan.MaxValue;
        for (var at = _segments.Count - 1; at >= 0; at--)
        {
            var left = Unexpired(_segments[at].Entries, now);
            if (left.Count < _segments[at].Entries.Count)
            {
                Take(_segments[at].Entries.Except(left), expired);

                // The message, if it is under way, speaks of what is no longer here: its answer finds nobody, and the rest is asked anew.
                var isSent = at < _sent;
                Replace(at, left);
                if (isSent && left.Count > 0)
                {
                    Begin(now);
                }
            }
        }

        var waiting = Unexpired(_waiting, now);
        Take(_waiting.Except(waiting), expired);
        _waiting.Clear();
        waiting.ForEach(_waiting.Enqueue);
    }

    /// <summary>Takes out everything.</summary>
    public void TakeAll(List<TRequest> all)
    {
        foreach (var segment in _segments)
        {
            Take(segment.Entries, all);
        }

        Take(_waiting, all);
        _segments.Clear();
        _waiting.Clear();
        Begin(TimeSpan.Zero);
    }

    private void GiveBack(TimeSpan now)
    {
        _delay = _delay == TimeSpan.Zero ? times.BounceDelay : _delay * 2 < times.BounceDelayMax ? _delay * 2 : times.BounceDelayMax;
        Begin(now + _delay);
    }

    private void Begin(TimeSpan notBefore)
    {
        Attempt++;
        _sequence = 0;
        _sent = 0;
        _isProbing = true;
        _notBefore = notBefore;
    }

    /// <summary>No answer at all for a while, or none to the first for twice as long.</summary>
    private bool IsOverdue(TimeSpan now)
    {
        var first = _segments[0].SentAt;
        return now - (first > _lastAnswer ? first : _lastAnswer) >= _askAgainAfter || now - first >= 2 * _askAgainAfter;
    }

    private LinkSegment<TRequest> TakeWaiting()
    {
        var entries = new List<LinkEntry<TRequest>>(Math.Min(_waiting.Count, times.MessageRequestsMax));
        while (entries.Count < times.MessageRequestsMax && _waiting.TryDequeue(out var entry))
        {
            entries.Add(entry);
        }

        return new LinkSegment<TRequest>(++_lastSegment, entries);
    }

    /// <summary>What is left of a segment is another one, so that no answer to the former is taken for one to it.</summary>
    private void Replace(int at, List<LinkEntry<TRequest>> left)
    {
        if (left.Count > 0)
        {
            _segments[at] = new LinkSegment<TRequest>(++_lastSegment, left);
            return;
        }

        _segments.RemoveAt(at);
        _sent -= at < _sent ? 1 : 0;
    }

    private List<LinkEntry<TRequest>> Unexpired(IEnumerable<LinkEntry<TRequest>> entries, TimeSpan now)
    {
        var left = entries.Where(entry => entry.IsPatient || now - entry.Since < times.ForwardTimeout).ToList();
        foreach (var entry in left.Where(static entry => !entry.IsPatient))
        {
            _nextExpiry = entry.Since + times.ForwardTimeout < _nextExpiry ? entry.Since + times.ForwardTimeout : _nextExpiry;
        }

        return left;
    }

    private void Take(IEnumerable<LinkEntry<TRequest>> entries, List<TRequest> taken)
    {
        var before = taken.Count;
        taken.AddRange(entries.Select(static entry => entry.Request));
        Count -= taken.Count - before;
    }
}

/// <param name="Since">When it came.</param>
internal sealed record LinkEntry<TRequest>(TRequest Request, bool IsPatient, TimeSpan Since);

/// <summary>Requests that go as one message, and are answered as one.</summary>
internal sealed class LinkSegment<TRequest>(long id, List<LinkEntry<TRequest>> entries)
{
    /// <summary>By which its answer names it.</summary>
    public long Id { get; } = id;

    public List<LinkEntry<TRequest>> Entries { get; } = entries;

    /// <summary>Its number in the present attempt.</summary>
    public long Sequence { get; set; }

    public TimeSpan SentAt { get; set; }
}

/// <summary>The limits of a link.</summary>
internal sealed record LinkTimes(TimeSpan AskAgainAfter, TimeSpan ForwardTimeout)
{
    public int MessageRequestsMax { get; init; } = 256;

    /// <summary>How long after it was given back a request is sent again to the same owner; each time twice as long.</summary>
    public TimeSpan BounceDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan BounceDelayMax { get; init; } = TimeSpan.FromMilliseconds(160);
}
