using System.Buffers;
using System.Diagnostics;
using TransactionFeed.Input;

namespace TransactionFeed.Replay;

/// <summary>
/// The lines of one stream, transactions or labels, in order: those not sent yet, and those sent and not answered. Answers come in the order of sending.
/// How many there can be is bounded by <see cref="OrderedRows"/>. Thread-safe: reader, sender and receiver use it at once.
/// </summary>
internal sealed class Lane(LaneKind kind)
{
    private readonly Lock _lock = new();
    private Queue<TransactionRecord> _unsent = [];
    private Queue<TransactionRecord> _unanswered = [];
    private bool _isComplete;

    public LaneKind Kind => kind;

    /// <summary>Raised when there is more to send, or no more to come.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>How many answers have come; whoever waits for progress compares two readings.</summary>
    public long Answered { get; private set; }

    public bool HasUnsent
    {
        get
        {
            lock (_lock)
            {
                return _unsent.Count > 0;
            }
        }
    }

    public bool HasUnanswered
    {
        get
        {
            lock (_lock)
            {
                return _unanswered.Count > 0;
            }
        }
    }

    /// <summary>No more will be added; there may still be some to send.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _isComplete;
            }
        }
    }

    public void Add(TransactionRecord record)
    {
        lock (_lock)
        {
            _unsent.Enqueue(record);
        }

        Changed.Raise();
    }

    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
        }

        Changed.Raise();
    }

    /// <summary>Moves what is to be sent next into <paramref name="batch"/>, up to about <paramref name="bytesMax"/>; it counts as sent from now on.</summary>
    public void TakeUnsent(ArrayBufferWriter<byte> batch, int bytesMax)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            while (batch.WrittenCount < bytesMax && _unsent.TryDequeue(out var record))
            {
                batch.Write(record.Payload);
                record.SentAt = record.SentAt == 0 ? now : record.SentAt;
                _unanswered.Enqueue(record);
            }
        }
    }

    /// <summary>The transaction that the next answer belongs to.</summary>
    public bool TryPeekUnanswered([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TransactionRecord? record)
    {
        lock (_lock)
        {
            return _unanswered.TryPeek(out record);
        }
    }

    public void Answer()
    {
        lock (_lock)
        {
            _unanswered.Dequeue();
            Answered++;
        }
    }

    /// <summary>After a broken connection: all that is not answered is to be sent again, before the rest.</summary>
    public void Rewind()
    {
        lock (_lock)
        {
            foreach (var record in _unsent)
            {
                _unanswered.Enqueue(record);
            }

            _unsent.Clear();
            (_unsent, _unanswered) = (_unanswered, _unsent);
        }
    }
}
