namespace FraudEngine.Windows;

/// <summary>
/// The positions of the events that have a field, or are known to be frauds, so that the first and the last in a window are found however rare they are.
/// </summary>
internal sealed class PresenceIndex : SortedPositions
{
    /// <summary>Takes in the event that was put at a position.</summary>
    public void Insert(int at, bool isPresent)
    {
        if (isPresent)
        {
            Put(MoveUpFrom(at), at);
        }
        else if (First < End)
        {
            MoveUpFrom(at);
        }
    }

    /// <summary>Whether the event at a position has it.</summary>
    public bool Contains(int at) => FirstFrom(at) == at;

    /// <summary>How many events from start to end have it.</summary>
    public int Count(int start, int end) => PlaceOf(end) - PlaceOf(start);

    /// <summary>Changes whether the event at a position has it.</summary>
    public void Set(int at, bool isPresent)
    {
        if (Contains(at) == isPresent)
        {
            return;
        }

        if (isPresent)
        {
            MakeRoom();
            Put(PlaceOf(at), at);
        }
        else
        {
            var place = PlaceOf(at);
            End--;
            Array.Copy(Positions, place + 1, Positions, place, End - place);
        }
    }

    private void Put(int place, int at)
    {
        Array.Copy(Positions, place, Positions, place + 1, End - place);
        Positions[place] = at;
        End++;
    }
}
