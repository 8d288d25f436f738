using TransactionFeed.Input;

namespace TransactionFeed.Replay;

/// <summary>
/// Brings the rows of several streams back into the order of the input, and bounds how many transactions are on their way: the reader waits
/// in <see cref="AdmitAsync"/> while there are <see cref="RecordsMax"/> of them, or <see cref="BytesMax"/>.
/// </summary>
internal sealed class OrderedRows(Stream? output)
{
    public const int RecordsMax = 8_192;

    public const long BytesMax = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<TransactionRecord> _waiting = [];
    private readonly AsyncSignal _space = new();
    private readonly AsyncSignal _none = new();
    private long _bytes;

    /// <summary>How many rows are out, all of them in order.</summary>
    public long Written { get; private set; }

    /// <summary>Called by one reader, in the order of the input.</summary>
    public async ValueTask AdmitAsync(TransactionRecord record, CancellationToken stop)
    {
        while (!TryAdmit(record))
        {
            await _space.WaitAsync(stop);
        }
    }

    /// <summary>Ends when nothing is on its way. Called by the same reader.</summary>
    public async ValueTask WaitUntilNoneAsync(CancellationToken stop)
    {
        while (!IsNone)
        {
            await _none.WaitAsync(stop);
        }
    }

    public void Complete(TransactionRecord record, byte[] row)
    {
        bool isNone;
        lock (_lock)
        {
            record.Row = row;
            while (_waiting.TryPeek(out var first) && first.Row is { } firstRow)
            {
                _waiting.Dequeue();
                _bytes -= first.Payload.Length;
                output?.Write(firstRow);
                Written++;
            }

            isNone = _waiting.Count == 0;
        }

        _space.Raise();
        if (isNone)
        {
            _none.Raise();
        }
    }

    private bool IsNone
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count == 0;
            }
        }
    }

    private bool TryAdmit(TransactionRecord record)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 && (_waiting.Count >= RecordsMax || _bytes + record.Payload.Length > BytesMax))
            {
                return false;
            }

            _waiting.Enqueue(record);
            _bytes += record.Payload.Length;
            return true;
        }
    }
}
