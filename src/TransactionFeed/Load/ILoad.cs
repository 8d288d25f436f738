namespace TransactionFeed.Load;

/// <summary>A way of sending transactions that are measured.</summary>
internal interface ILoad
{
    IEnumerable<LoadMeter> Meters { get; }

    /// <summary>Sent or due, and not answered when the run had ended.</summary>
    long Unanswered { get; }

    /// <summary>Connects all senders. Throws <see cref="IOException"/> where nobody answers.</summary>
    Task ConnectAsync(CancellationToken stop);

    /// <summary>Runs warm-up and measurement, once the clock has begun.</summary>
    Task RunAsync(CancellationToken stop);
}
