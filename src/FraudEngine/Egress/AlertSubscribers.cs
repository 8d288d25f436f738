namespace FraudEngine.Egress;

/// <summary>
/// Who listens for alerts. They are woken on a work item of their own, once for all alerts raised meanwhile, so that many of them cost the one who raises an
/// alert nothing.
/// </summary>
internal sealed class AlertSubscribers(int max) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly HashSet<AlertSubscriber> _everyone = [];
    private readonly Dictionary<string, HashSet<AlertSubscriber>> _byAccount = [];
    private readonly HashSet<string> _raised = [];
    private int _count;
    private int _beat;
    private int _nextTurn;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a subscriber; false where there are as many as there may be.</summary>
    public bool TryAdd(AlertSubscriber subscriber)
    {
        lock (_gate)
        {
            if (_count == max)
            {
                return false;
            }

            _count++;
            subscriber.BeatTurn = _nextTurn++ % AlertFeed.BeatsPerRound;
            SetOf(subscriber).Add(subscriber);
            return true;
        }
    }

    public void Remove(AlertSubscriber subscriber)
    {
        lock (_gate)
        {
            _count--;
            var set = SetOf(subscriber);
            set.Remove(subscriber);
            if (set.Count == 0 && subscriber.AccountId is { } account)
            {
                _byAccount.Remove(account);
            }
        }
    }

    /// <summary>Wakes, soon, those who want an account's alerts.</summary>
    public void Wake(string accountId)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = _raised.Count == 0;
            _raised.Add(accountId);
        }

        if (isFirst)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Wakes the next part of the subscribers.</summary>
    public void Beat()
    {
        AlertSubscriber[] due;
        lock (_gate)
        {
            _beat = (_beat + 1) % AlertFeed.BeatsPerRound;
            due = [.. _everyone.Concat(_byAccount.Values.SelectMany(static account => account)).Where(subscriber => subscriber.BeatTurn == _beat)];
        }

        foreach (var subscriber in due)
        {
            subscriber.Beat();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        var woken = new List<AlertSubscriber>();
        lock (_gate)
        {
            woken.AddRange(_everyone);
            foreach (var account in _raised)
            {
                if (_byAccount.TryGetValue(account, out var subscribers))
                {
                    woken.AddRange(subscribers);
                }
            }

            _raised.Clear();
        }

        foreach (var subscriber in woken)
        {
            subscriber.Wake();
        }
    }

    private HashSet<AlertSubscriber> SetOf(AlertSubscriber subscriber)
    {
        if (subscriber.AccountId is not { } account)
        {
            return _everyone;
        }

        if (!_byAccount.TryGetValue(account, out var set))
        {
            _byAccount.Add(account, set = []);
        }

        return set;
    }
}
