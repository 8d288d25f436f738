using System.Runtime.CompilerServices;

namespace FraudEngine.Ingress;

/// <summary>
/// The lines of one stream that are read and not yet answered, in a ring. One side adds lines, the other takes them, in order, as they are answered;
/// each waits for the other without a lock.
/// </summary>
internal sealed class StreamWindow
{
    private readonly StreamLine?[] _ring;

    // Lines that were taken, the last one on top: what a stream has under way then stays in the processor's cache, however large its window may be.
    private readonly Stack<StreamLine> _free = new();
    private readonly Func<StreamWindow, StreamLine> _newLine;
    private readonly AsyncSignal _answered = new();
    private readonly AsyncSignal _taken = new();
    private long _added;
    private long _freed;
    private long _takenCount;
    private long _awaited = -1;
    private volatile bool _isComplete;

    /// <param name="linesMax">Lines at a time; a power of two.</param>
    /// <param name="newLine">Called at most so often: lines are used again.</param>
    public StreamWindow(int linesMax, Func<StreamWindow, StreamLine> newLine)
    {
        _ring = new StreamLine?[linesMax];
        _newLine = newLine;
    }

    /// <summary>Whether nothing is added any more and everything is taken.</summary>
    public bool IsDrained => _isComplete && Volatile.Read(ref _added) == _takenCount;

    /// <summary>A line to be filled, or null where the window is full. Added by <see cref="Add"/>.</summary>
    public StreamLine? TryBegin(long number)
    {
        var taken = Volatile.Read(ref _takenCount);
        if (_added - taken == _ring.Length)
        {
            return null;
        }

        for (; _freed < taken; _freed++)
        {
            _free.Push(_ring[Place(_freed)]!);
        }

        var line = _free.TryPop(out var free) ? free : _newLine(this);
        _ring[Place(_added)] = line;
        line.Begin(number, _added);
        return line;
    }

    /// <summary>Adds the line that was begun last.</summary>
    public void Add() => Volatile.Write(ref _added, _added + 1);

    /// <summary>Nothing is added any more.</summary>
    public void Complete()
    {
        _isComplete = true;
        _answered.Set();
    }

    /// <summary>Ends when a line was taken since the last wait.</summary>
    public ValueTask WaitForRoomAsync() => _taken.WaitAsync();

    /// <summary>The next line, if it is answered; it is given back by <see cref="Take"/>.</summary>
    public StreamLine? PeekAnswered()
    {
        if (Volatile.Read(ref _added) == _takenCount)
        {
            return null;
        }

        var line = _ring[Place(_takenCount)]!;
        return line.IsAnswered ? line : null;
    }

    public void Take() => Volatile.Write(ref _takenCount, _takenCount + 1);

    /// <summary>Lets the adding side know that lines were taken.</summary>
    public void SignalTaken() => _taken.Set();

    /// <summary>Ends when the next line may be answered, or the window may be drained.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitForAnswerAsync()
    {
        Volatile.Write(ref _awaited, _takenCount);
        Interlocked.MemoryBarrier();
        if (PeekAnswered() is null && !IsDrained)
        {
            await _answered.WaitAsync();
        }

        Volatile.Write(ref _awaited, -1);
    }

    /// <summary>A line is answered. From any thread.</summary>
    public void Answered(long order)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _awaited) == order)
        {
            _answered.Set();
        }
    }

    private int Place(long order) => (int)(order & (_ring.Length - 1));
}
