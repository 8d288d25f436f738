namespace TransactionFeed.Replay;

/// <summary>How a replay ended.</summary>
internal enum ReplayEnd
{
    None,

    /// <summary>Every transaction read has its row.</summary>
    Complete,

    /// <summary>The user stopped it.</summary>
    Interrupted,
}
