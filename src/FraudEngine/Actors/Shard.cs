namespace FraudEngine.Actors;

/// <summary>
/// A loop that hosts many actors and is supervised: a fault drops the state of all its actors and what the turn had not handed over is received again.
/// The other shards never notice.
/// </summary>
public abstract class Shard<TMessage> : EventLoop<TMessage>
    where TMessage : class
{
    /// <summary>Messages that are looked at together before they are received.</summary>
    public const int AheadMax = 8;

    private readonly Queue<TMessage> _redo = new();
    private bool _hasRestarted;

    protected Shard(int index, IDispatcher dispatcher, int turnMax)
        : base(dispatcher, turnMax) => Index = index;

    public int Index { get; }

    protected sealed override bool HasMore => _hasRestarted;

    protected sealed override void RunTurn(ReadOnlySpan<TMessage> messages)
    {
        // What is to be done again came before what has arrived since.
        _hasRestarted = false;
        if (_redo.Count > 0)
        {
            foreach (var message in messages)
            {
                _redo.Enqueue(message);
            }

            var again = _redo.ToArray();
            _redo.Clear();
            Receive(again);
        }
        else
        {
            Receive(messages);
        }
    }

    /// <summary>Looks at the messages that are received next, to have what they need at hand; changes nothing.</summary>
    protected virtual void Foresee(ReadOnlySpan<TMessage> messages)
    {
    }

    /// <summary>Handles one message.</summary>
    protected abstract void Receive(TMessage message);

    /// <summary>Hands over what the turn has done.</summary>
    protected abstract void EndTurn();

    /// <summary>
    /// Drops all state and adds to <paramref name="redo"/>, in order, the messages already received whose effects are lost with it.
    /// Returns whether the message that faulted is received once more; if not, the shard has dealt with it.
    /// </summary>
    /// <param name="culprit">The message that faulted; null where the turn's end did.</param>
    protected abstract bool Restart(Exception fault, TMessage? culprit, Queue<TMessage> redo);

    /// <summary>Drops all state outside of a fault, as when a commit failed.</summary>
    protected void RestartNow(Exception reason)
    {
        _hasRestarted = true;
        Restart(reason, null, _redo);
    }

    /// <summary>Has messages received before everything that has arrived. Called while one is received; the turn ends with it.</summary>
    protected void ReceiveFirst(IEnumerable<TMessage> messages)
    {
        _hasRestarted = true;
        foreach (var message in messages)
        {
            _redo.Enqueue(message);
        }
    }

    private void Receive(ReadOnlySpan<TMessage> messages)
    {
        var at = 0;
        try
        {
            while (at < messages.Length && !_hasRestarted)
            {
                if (at % AheadMax == 0)
                {
                    Foresee(messages.Slice(at, Math.Min(AheadMax, messages.Length - at)));
                }

                Receive(messages[at]);
                at++;
            }

            if (!_hasRestarted)
            {
                EndTurn();
            }
        }
        catch (Exception fault)
        {
            _hasRestarted = true;
            var culprit = at < messages.Length ? messages[at] : null;
            if (Restart(fault, culprit, _redo) && culprit is not null)
            {
                _redo.Enqueue(culprit);
            }

            at++;
        }

        // After a restart the rest of the turn waits behind what is to be done again.
        for (; at < messages.Length; at++)
        {
            _redo.Enqueue(messages[at]);
        }
    }
}
