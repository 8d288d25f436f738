using TransactionFeed.Input;

namespace TransactionFeed.Broker;

/// <summary>
/// What is published and not yet confirmed, in order. Bounded: the publisher waits where <see cref="TryAdd"/> is false. Confirms come in any order, as each
/// queue of the broker gives its own; the order of an account is that of its queue.
/// </summary>
internal sealed class UnconfirmedTail(int recordsMax, long bytesMax)
{
    private readonly Lock _lock = new();

    // A ring. What is confirmed behind one that is not stands as null.
    private TransactionRecord?[] _byNumber = new TransactionRecord?[16];
    private ulong _firstNumber = 1;
    private ulong _nextNumber = 1;
    private long _bytes;
    private int _count;

    /// <summary>How many are not confirmed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Takes the next record in, to be published next; false where there is no room.</summary>
    public bool TryAdd(TransactionRecord record)
    {
        lock (_lock)
        {
            if (_nextNumber - _firstNumber >= (ulong)recordsMax || (_count > 0 && _bytes + record.Payload.Length > bytesMax))
            {
                return false;
            }

            Place(record);
            _bytes += record.Payload.Length;
            _count++;
            return true;
        }
    }

    /// <summary>After a connection is lost: gives what is not confirmed, to be published again in this order, and numbers it from 1.</summary>
    public IReadOnlyList<TransactionRecord> Rewind()
    {
        lock (_lock)
        {
            var again = new List<TransactionRecord>(_count);
            for (var number = _firstNumber; number < _nextNumber; number++)
            {
                if (_byNumber[number % (ulong)_byNumber.Length] is { } record)
                {
                    again.Add(record);
                }
            }

            Array.Clear(_byNumber);
            _firstNumber = 1;
            _nextNumber = 1;
            again.ForEach(Place);
            return again;
        }
    }

    /// <summary>Takes what the broker confirms out, by the number of its publication on this connection, and puts it into <paramref name="confirmed"/>.</summary>
    public void Confirm(ulong number, bool multiple, List<TransactionRecord> confirmed)
    {
        lock (_lock)
        {
            for (var one = multiple ? _firstNumber : number; one <= number; one++)
            {
                if (one < _firstNumber || one >= _nextNumber)
                {
                    continue;
                }

                ref var slot = ref _byNumber[one % (ulong)_byNumber.Length];
                if (slot is { } record)
                {
                    slot = null;
                    _bytes -= record.Payload.Length;
                    _count--;
                    confirmed.Add(record);
                }
            }

            while (_firstNumber < _nextNumber && _byNumber[_firstNumber % (ulong)_byNumber.Length] is null)
            {
                _firstNumber++;
            }
        }
    }

    private void Place(TransactionRecord record)
    {
        var length = (ulong)_byNumber.Length;
        if (_nextNumber - _firstNumber >= length)
        {
            var larger = new TransactionRecord?[length * 2];
            for (var number = _firstNumber; number < _nextNumber; number++)
            {
                larger[number % (length * 2)] = _byNumber[number % length];
            }

            _byNumber = larger;
        }

        _byNumber[_nextNumber % (ulong)_byNumber.Length] = record;
        _nextNumber++;
    }
}
