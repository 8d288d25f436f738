using System.Runtime.InteropServices;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>Positions of some of a stream's events, in ascending order. They follow the events when those move.</summary>
internal abstract class SortedPositions
{
    /// <summary>Less room than this is not worth making smaller.</summary>
    private const int ShrinkMin = 64;

    private byte[] _block = [];
    private int _start;
    private int _capacity;

    /// <summary>The positions, from <see cref="First"/> to <see cref="End"/>.</summary>
    protected Span<int> Positions => MemoryMarshal.Cast<byte, int>(_block.AsSpan(_start, _capacity * sizeof(int)));

    protected int First { get; private set; }

    protected int End { get; set; }

    /// <summary>Forgets the oldest event.</summary>
    public void RemoveFirst(int first)
    {
        if (First < End && Positions[First] == first)
        {
            First++;
        }
    }

    /// <summary>All events have moved down.</summary>
    public void Shift(int by)
    {
        foreach (ref var position in Positions[First..End])
        {
            position -= by;
        }
    }

    /// <summary>Gives back all memory; nothing may be asked of it any more.</summary>
    public void Release(HistoryMemory memory)
    {
        memory.GiveBack(_block, _start);
        (_block, _start, _capacity, First, End) = ([], 0, 0, 0, 0);
    }

    /// <summary>The first one at or behind a position; -1 where there is none.</summary>
    public int FirstFrom(int start)
    {
        var place = PlaceOf(start);
        return place < End ? Positions[place] : -1;
    }

    /// <summary>The last one before a position; -1 where there is none.</summary>
    public int LastBefore(int end)
    {
        var place = PlaceOf(end);
        return place > First ? Positions[place - 1] : -1;
    }

    /// <summary>Makes room for an event that is put at a position, and returns the place of the first one that it moves up.</summary>
    protected int MoveUpFrom(int at, HistoryMemory memory)
    {
        MakeRoom(memory);
        var positions = Positions;
        var place = End;
        while (place > First && positions[place - 1] >= at)
        {
            positions[--place]++;
        }

        return place;
    }

    /// <summary>The place of the first one at or behind a position.</summary>
    protected int PlaceOf(int position)
    {
        var positions = Positions;
        var low = First;
        var high = End;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (positions[middle] < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Makes room for one more, which may change the places of all.</summary>
    protected void MakeRoom(HistoryMemory memory)
    {
        var capacity = _capacity;
        if (End < capacity)
        {
            return;
        }

        var count = End - First;
        if (count > capacity / 2)
        {
            capacity = Math.Max(capacity, count + (count / 2));
        }
        else if (capacity > ShrinkMin && count < capacity / 4)
        {
            capacity /= 2;
        }

        capacity = Math.Max(4, capacity);
        var kept = MemoryMarshal.AsBytes(Positions[First..End]);
        if (capacity == _capacity)
        {
            kept.CopyTo(_block.AsSpan(_start));
        }
        else
        {
            var block = memory.Take(capacity * sizeof(int), out var start);
            kept.CopyTo(block.AsSpan(start));
            memory.GiveBack(_block, _start);
            (_block, _start, _capacity) = (block, start, capacity);
        }

        First = 0;
        End = count;
    }
}
