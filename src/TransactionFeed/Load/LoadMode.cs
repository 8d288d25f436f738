namespace TransactionFeed.Load;

/// <summary>What decides when the next transaction is sent.</summary>
internal enum LoadMode
{
    None,

    /// <summary>The answer to the one before: as fast as the engine goes with so many connections.</summary>
    Closed,

    /// <summary>A constant schedule, whether answers come or not; latency counts from the scheduled time.</summary>
    Open,

    /// <summary>Nothing: subscribers that listen for alerts.</summary>
    Idle,
}
