using FraudEngine.Windows.Memory;

namespace FraudEngine.Windows;

/// <summary>
/// The positions of the events whose amount is beaten by no newer one: a monotonic stack. The first of them that lies in a window
/// which ends at the newest event is the window's extreme.
/// </summary>
/// <param name="sign">1 for the largest, -1 for the smallest.</param>
internal sealed class ExtremeStack(int sign) : SortedPositions
{
    /// <summary>Takes in the event that was put at a position; <paramref name="columns"/> already hold it.</summary>
    public void Insert(int at, EventColumns columns, HistoryMemory memory)
    {
        var behind = MoveUpFrom(at, memory);
        var positions = Positions;
        var amount = sign * columns.AmountAt(at);
        if (behind < End && sign * columns.AmountAt(positions[behind]) >= amount)
        {
            return;
        }

        var place = behind;
        while (place > First && sign * columns.AmountAt(positions[place - 1]) <= amount)
        {
            place--;
        }

        positions[behind..End].CopyTo(positions[(place + 1)..]);
        positions[place] = at;
        End += place + 1 - behind;
    }
}
