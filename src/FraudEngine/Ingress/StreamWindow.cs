namespace FraudEngine.Ingress;

/// <summary>
/// The lines of one stream that are read and not yet answered, in a ring. One side adds lines, the other takes them, in order, as they are answered;
/// each waits for the other without a lock.
/// </summary>
internal sealed class StreamWindow
{
    private readonly StreamLine?[] _ring;
    private readonly Func<StreamWindow, StreamLine> _newLine;
    private readonly AsyncSignal _answered = new();
    private readonly AsyncSignal _taken = new();
    private long _added;
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
        if (_added - Volatile.Read(ref _takenCount) == _ring.Length)
        {
            return null;
        }

        ref var slot = ref _ring[_added & (_ring.Length - 1)];
        slot ??= _newLine(this);
        slot.Begin(number, _added);
        return slot;
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

        var line = _ring[_takenCount & (_ring.Length - 1)]!;
        return line.IsAnswered ? line : null;
    }

    public void Take() => Volatile.Write(ref _takenCount, _takenCount + 1);

    /// <summary>Lets the adding side know that lines were taken.</summary>
    public void SignalTaken() => _taken.Set();

    /// <summary>Ends when the next line may be answered, or the window may be drained.</summary>
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
}
