namespace FraudEngine.Egress.Delivery;

/// <summary>
/// When an alert that could not be delivered is tried again: after a wait that doubles with each attempt, of which one half is random, so that what has failed
/// together does not come back together; and not any more once it was tried for long enough.
/// </summary>
/// <param name="firstWait">Of the first failure, at most.</param>
/// <param name="giveUpAfter">Since the alert was taken up. The last attempt is then, or later where none could be made.</param>
internal sealed class RetrySchedule(TimeSpan firstWait, TimeSpan waitMax, TimeSpan giveUpAfter)
{
    /// <summary>The longest that a receiver may ask to wait; what is above is cut down to it.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    /// <param name="attempts">Made so far, with the one that has just failed; 1 or more.</param>
    /// <param name="firstTicks">When the alert was taken up.</param>
    /// <param name="random">0 up to, but without, 1.</param>
    /// <returns>UTC ticks; null where it is given up.</returns>
    public long? NextTicks(int attempts, long firstTicks, long nowTicks, TimeSpan? retryAfter, double random)
    {
        var lastTicks = firstTicks + giveUpAfter.Ticks;
        if (nowTicks >= lastTicks)
        {
            return null;
        }

        // From 2^30 on it is above every wait that there can be.
        var longest = Math.Min(waitMax.Ticks, firstWait.Ticks * Math.Pow(2, Math.Min(attempts - 1, 30)));
        var wait = (long)(longest * (1 + random) / 2);
        if (retryAfter is { } asked)
        {
            wait = Math.Max(wait, Math.Min(asked.Ticks, RetryAfterMax.Ticks));
        }

        return Math.Min(nowTicks + wait, lastTicks);
    }
}
