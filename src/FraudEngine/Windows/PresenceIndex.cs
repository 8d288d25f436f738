namespace FraudEngine.Windows;

/// <summary>The positions of the events that have a field, so that the first and the last in a window are found however rare they are.</summary>
internal sealed class PresenceIndex : SortedPositions
{
    /// <summary>Takes in the event that was put at a position.</summary>
    public void Insert(int at, bool isPresent)
    {
        var place = MoveUpFrom(at);
        if (isPresent)
        {
            Array.Copy(Positions, place, Positions, place + 1, End - place);
            Positions[place] = at;
            End++;
        }
    }
}
