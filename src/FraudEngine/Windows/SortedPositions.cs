namespace FraudEngine.Windows;

/// <summary>Positions of some of a stream's events, in ascending order. They follow the events when those move.</summary>
internal abstract class SortedPositions
{
    /// <summary>Arrays smaller than this are not worth making smaller.</summary>
    private const int ShrinkMin = 64;

    /// <summary>The positions, from <see cref="First"/> to <see cref="End"/>.</summary>
    protected int[] Positions { get; private set; } = [];

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
        foreach (ref var position in Positions.AsSpan(First, End - First))
        {
            position -= by;
        }
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
    protected int MoveUpFrom(int at)
    {
        MakeRoom();
        var place = End;
        while (place > First && Positions[place - 1] >= at)
        {
            Positions[--place]++;
        }

        return place;
    }

    /// <summary>The place of the first one at or behind a position.</summary>
    protected int PlaceOf(int position)
    {
        var low = First;
        var high = End;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Positions[middle] < position)
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
    protected void MakeRoom()
    {
        var capacity = Positions.Length;
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

        Positions = EventColumns.Moved(Positions, First, End, Math.Max(4, capacity));
        First = 0;
        End = count;
    }
}
