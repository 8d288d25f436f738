namespace FraudEngine.Engine.Visiting;

/// <summary>
/// One sending of a visit, as its account's shard remembers it. A visit belongs to an envelope, which may long be on its way through another shard when its
/// time would be over: so the shard looks at its own ticket, never at the visit of one that is settled.
/// </summary>
internal sealed class VisitTicket(Visit visit, long sentAt)
{
    /// <summary>Null once it is settled.</summary>
    public Visit? Visit { get; private set; } = visit;

    /// <summary>As the clock's timestamp.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>The visit has come back, or was given up.</summary>
    public void Settle() => Visit = null;
}
