namespace FraudEngine.Ingress.Feed;

/// <summary>The messages of one queue that are taken and not yet acknowledged, in the order of their delivery. For several threads.</summary>
internal sealed class FeedWindow(int prefetch)
{
    private readonly Lock _lock = new();
    private readonly List<FeedMessage> _messages = [];
    private readonly Stack<FeedMessage> _spare = [];
    private bool _isPaused;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Whether nothing is taken in any more.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_lock)
            {
                return _isPaused;
            }
        }
    }

    /// <summary>Whether nothing is taken in any more and nothing is under way: what is left stays unacknowledged.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_lock)
            {
                return _isPaused && _messages.TrueForAll(static message => message.IsSetBack);
            }
        }
    }

    /// <summary>A message that is used again; null where there is none.</summary>
    public FeedMessage? TakeSpare()
    {
        lock (_lock)
        {
            return _spare.TryPop(out var message) ? message : null;
        }
    }

    /// <summary>False where nothing is taken in any more. Called in the order of delivery.</summary>
    public bool TryAdd(FeedMessage message)
    {
        lock (_lock)
        {
            if (_isPaused)
            {
                return false;
            }

            _messages.Add(message);
            return true;
        }
    }

    public void Pause()
    {
        lock (_lock)
        {
            _isPaused = true;
        }
    }

    /// <summary>
    /// Takes out messages that can be acknowledged, if there are any: the first ones, with all before them (<paramref name="isPrefix"/>), or, where one at the
    /// front takes so long that the queue would soon stand still, single ones behind it.
    /// </summary>
    public bool TakeSettled(List<FeedMessage> taken, out bool isPrefix)
    {
        taken.Clear();
        lock (_lock)
        {
            var settled = 0;
            while (settled < _messages.Count && _messages[settled].IsSettled)
            {
                settled++;
            }

            isPrefix = settled > 0;
            if (isPrefix)
            {
                taken.AddRange(_messages[..settled]);
                _messages.RemoveRange(0, settled);
            }
            else if (_messages.Count > prefetch / 2 || _isPaused)
            {
                _messages.RemoveAll(message =>
                {
                    // Looked at once: it may be settled by another thread in between.
                    var isSettled = message.IsSettled;
                    if (isSettled)
                    {
                        taken.Add(message);
                    }

                    return isSettled;
                });
            }
        }

        return taken.Count > 0;
    }

    /// <summary>Gives acknowledged messages back to be used again.</summary>
    public void Return(List<FeedMessage> messages)
    {
        lock (_lock)
        {
            foreach (var message in messages)
            {
                if (message.IsReusable && _spare.Count < prefetch)
                {
                    _spare.Push(message);
                }
            }
        }
    }
}
