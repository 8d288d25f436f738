namespace FraudEngine.Hosting.Workers;

/// <summary>Where a worker is in its life.</summary>
internal enum WorkerState
{
    None,

    /// <summary>It runs, and can't decide yet.</summary>
    Starting,

    Ready,

    /// <summary>It was asked to stop, and goes on to the end of what it has begun.</summary>
    Stopping,

    /// <summary>It died, and is started again in a while.</summary>
    Waiting,

    /// <summary>It ended, for good.</summary>
    Ended,
}
