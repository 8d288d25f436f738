using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>
/// The positions of the events that have a field, or are known to be frauds, so that the first and the last in a window are found however rare they are.
/// </summary>
internal sealed class PresenceIndex : SortedPositions
{
    /// <summary>Takes in the event that was put at a position.</summary>
    public void Insert(int at, bool isPresent, HistoryMemory memory)
    {
        if (isPresent)
        {
            Put(MoveUpFrom(at, memory), at);
        }
        else if (First < End)
        {
            MoveUpFrom(at, memory);
        }
    }

    /// <summary>Whether the event at a position has it.</summary>
    public bool Contains(int at) => FirstFrom(at) == at;

    /// <summary>How many events from start to end have it.</summary>
    public int Count(int start, int end) => PlaceOf(end) - PlaceOf(start);

    /// <summary>Changes whether the event at a position has it.</summary>
    public void Set(int at, bool isPresent, HistoryMemory memory)
    {
        if (Contains(at) == isPresent)
        {
            return;
        }

        if (isPresent)
        {
            MakeRoom(memory);
            Put(PlaceOf(at), at);
        }
        else
        {
            var place = PlaceOf(at);
            Positions[(place + 1)..End].CopyTo(Positions[place..]);
            End--;
        }
    }

    private void Put(int place, int at)
    {
        Positions[place..End].CopyTo(Positions[(place + 1)..]);
        Positions[place] = at;
        End++;
    }
}
