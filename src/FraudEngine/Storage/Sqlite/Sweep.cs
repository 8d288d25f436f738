using System.Globalization;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// How far the writer has come in going through the accounts, or the entities, by their numbers, round after round, and from where on the next start has to read
/// the journal. Marks say where it stood when the journal had come to some position: once it stands there again, one round later, it has written all rows before
/// that position. Stored with the segments that it has written, it goes on there after a restart.
/// </summary>
internal sealed class Sweep
{
    private readonly Queue<Mark> _marks = new();
    private long _lastMark;
    private long _round;

    private Sweep()
    {
    }

    /// <summary>The position before which every row is in a segment.</summary>
    public long TailStart { get; private set; }

    /// <summary>The number it goes on with.</summary>
    public long Next { get; private set; }

    /// <summary>Reads what <see cref="ToString"/> has written; that of journals of before has the start of the tail only.</summary>
    public static Sweep Parse(string text)
    {
        long[] numbers = [.. text.Split(' ').Select(static number => long.Parse(number, CultureInfo.InvariantCulture))];
        var sweep = new Sweep { TailStart = numbers[0] };
        (sweep._round, sweep.Next) = numbers.Length > 2 ? (numbers[1], numbers[2]) : (0, 0);
        sweep._lastMark = sweep.TailStart;
        for (var i = 3; i + 2 < numbers.Length; i += 3)
        {
            sweep._marks.Enqueue(new Mark(numbers[i], numbers[i + 1], numbers[i + 2]));
            sweep._lastMark = numbers[i];
        }

        return sweep;
    }

    /// <summary>Goes on behind a number, which is not below <see cref="Next"/>.</summary>
    public void Pass(long number) => Next = number + 1;

    /// <summary>Begins the next round.</summary>
    public void BeginRound()
    {
        _round++;
        Next = 0;
    }

    /// <summary>Goes past all marks, as nothing waits.</summary>
    public void End()
    {
        BeginRound();
        BeginRound();
        MoveTail();
    }

    /// <summary>Marks where it stands, and that all rows before a position wait in memory or are written, where the last mark is so many rows behind.</summary>
    public bool TryMark(long position, long every)
    {
        if (position < _lastMark + every)
        {
            return false;
        }

        _lastMark = position;
        _marks.Enqueue(new Mark(position, _round, Next));
        return true;
    }

    /// <summary>Moves the start of the tail to the last mark that was passed; false where that is none.</summary>
    public bool MoveTail()
    {
        var before = TailStart;
        while (_marks.TryPeek(out var mark) && (mark.Round + 1, mark.Next).CompareTo((_round, Next)) <= 0)
        {
            TailStart = Math.Max(TailStart, mark.Position);
            _marks.Dequeue();
        }

        return TailStart > before;
    }

    public override string ToString() => string.Join(
        ' ',
        new[] { TailStart, _round, Next }.Concat(_marks.SelectMany(static mark => new[] { mark.Position, mark.Round, mark.Next }))
            .Select(static number => number.ToString(CultureInfo.InvariantCulture)));

    private readonly record struct Mark(long Position, long Round, long Next);
}
