namespace TransactionFeed.Replay;

/// <summary>The engine answered a whole request with something else than decisions.</summary>
internal sealed class RefusedException(int status, string title, TimeSpan? retryAfter)
    : IOException($"The engine answers {status}{(title.Length > 0 ? $" ({title})" : "")}.")
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether it can be better next time.</summary>
    public bool IsPassing { get; } = status is 408 or 429 or >= 500;
}
