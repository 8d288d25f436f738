namespace FraudEngine.Windows;

/// <summary>
/// The positions of the events whose amount is beaten by no newer one: a monotonic stack. The first of them that lies in a window
/// which ends at the newest event is the window's extreme.
/// </summary>
/// <param name="sign">1 for the largest, -1 for the smallest.</param>
internal sealed class ExtremeStack(int sign)
{
    private int[] _positions = [];
    private int _first;
    private int _end;

    /// <summary>Takes in the event that was put at a position; <paramref name="amounts"/> already hold it.</summary>
    public void Insert(int at, ReadOnlySpan<long> amounts)
    {
        MakeRoom();
        var behind = _end;
        while (behind > _first && _positions[behind - 1] >= at)
        {
            _positions[--behind]++;
        }

        var amount = sign * amounts[at];
        if (behind < _end && sign * amounts[_positions[behind]] >= amount)
        {
            return;
        }

        var place = behind;
        while (place > _first && sign * amounts[_positions[place - 1]] <= amount)
        {
            place--;
        }

        Array.Copy(_positions, behind, _positions, place + 1, _end - behind);
        _positions[place] = at;
        _end += place + 1 - behind;
    }

    /// <summary>Forgets the oldest event.</summary>
    public void RemoveFirst(int first)
    {
        if (_first < _end && _positions[_first] == first)
        {
            _first++;
        }
    }

    public void Shift(int by)
    {
        foreach (ref var position in _positions.AsSpan(_first, _end - _first))
        {
            position -= by;
        }
    }

    /// <summary>The position of the extreme among the events from <paramref name="start"/> on; -1 where there are none.</summary>
    public int Find(int start)
    {
        var low = _first;
        var high = _end;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_positions[middle] < start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _end ? _positions[low] : -1;
    }

    private void MakeRoom()
    {
        if (_end < _positions.Length)
        {
            return;
        }

        var count = _end - _first;
        var capacity = count <= _positions.Length / 2 ? _positions.Length : count + (count / 2);
        _positions = EventColumns.Moved(_positions, _first, _end, Math.Max(4, capacity));
        _first = 0;
        _end = count;
    }
}
