using System.Collections.Concurrent;

namespace FraudEngine.Actors;

/// <summary>
/// A mailbox and the single-threaded loop that empties it. One turn takes what has arrived, up to <c>turnMax</c> messages, and then gives way to other loops.
/// The mailbox itself is never full: what limits it is the admission in front of the engine.
/// </summary>
public abstract class EventLoop<TMessage> : IThreadPoolWorkItem
    where TMessage : class
{
    private const int Idle = 0;
    private const int Scheduled = 1;

    private readonly ConcurrentQueue<TMessage> _mailbox = new();
    private readonly IDispatcher _dispatcher;
    private readonly TMessage[] _turn;
    private int _state;

    protected EventLoop(IDispatcher dispatcher, int turnMax)
    {
        _dispatcher = dispatcher;
        _turn = new TMessage[turnMax];
    }

    /// <summary>Puts a message into the mailbox. From any thread; messages of one thread keep their order.</summary>
    public void Tell(TMessage message)
    {
        _mailbox.Enqueue(message);
        Wake();
    }

    /// <summary>Puts several messages into the mailbox with one wake-up.</summary>
    public void Tell(ReadOnlySpan<TMessage> messages)
    {
        foreach (var message in messages)
        {
            _mailbox.Enqueue(message);
        }

        Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var count = 0;
        while (count < _turn.Length && _mailbox.TryDequeue(out var message))
        {
            _turn[count++] = message;
        }

        try
        {
            RunTurn(_turn.AsSpan(0, count));
        }
        finally
        {
            _turn.AsSpan(0, count).Clear();

            // A message told after the last TryDequeue either finds the loop idle and schedules it, or is seen here.
            Interlocked.Exchange(ref _state, Idle);
            if (!_mailbox.IsEmpty || HasMore)
            {
                Wake();
            }
        }
    }

    /// <summary>Whether another turn is due though no message has arrived.</summary>
    protected virtual bool HasMore => false;

    /// <summary>Handles one turn's messages. Must not throw.</summary>
    protected abstract void RunTurn(ReadOnlySpan<TMessage> messages);

    private void Wake()
    {
        if (Volatile.Read(ref _state) == Idle && Interlocked.Exchange(ref _state, Scheduled) == Idle)
        {
            _dispatcher.Schedule(this);
        }
    }
}
