using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>Whether the store has a delivery of an alert.</summary>
internal enum Stored : byte
{
    None,

    /// <summary>It is being written, or about to be.</summary>
    Soon,
    Yes,
}

/// <summary>An alert that waits in its account's lane, or is under way.</summary>
/// <param name="firstTicks">When it was taken up; UTC ticks.</param>
internal sealed class LaneItem(string account, long position, AlertId alert, long firstTicks)
{
    public string Account { get; } = account;

    public long Position { get; } = position;

    public AlertId Alert { get; } = alert;

    public long FirstTicks { get; } = firstTicks;

    /// <summary>When it was raised, as far as that is known; UTC ticks.</summary>
    public long RaisedTicks { get; init; } = firstTicks;

    public bool IsUrgent { get; set; }

    /// <summary>When it may go out at the earliest; UTC ticks.</summary>
    public long DueTicks { get; set; }

    public int Attempts { get; set; }

    /// <summary>Whether it waits because an attempt has failed.</summary>
    public bool IsBackingOff { get; set; }

    public Stored Stored { get; set; }

    /// <summary>Its content; null where it is to be read again.</summary>
    public StoredAlert? Content { get; set; }
}

/// <summary>What goes out of a lane as one.</summary>
/// <param name="Items">In the order of their positions; one at least.</param>
/// <param name="IsUrgent">Whether it counts not against the hour's limit.</param>
internal sealed record LaneMessage(Lane Lane, IReadOnlyList<LaneItem> Items, bool IsUrgent)
{
    /// <summary>Whether it finds out how the receiver is.</summary>
    public bool IsProbe { get; init; }
}
