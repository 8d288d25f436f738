namespace TransactionFeed.Evaluate;

/// <summary>
/// Accounts that are known as compromised before a test day begins: those with a fraud, not before a given time, on a day that ended at least the label's delay earlier.
/// With whole days of delay, that is a day up to and including (test day - delay - 1). With --known-from on the first day of a training week that ends a day and the
/// delay before the test, these are the handbook's: every fraud of the training week is known on the first test day, and each further test day adds a day.
/// </summary>
internal sealed class KnownAccounts
{
    private readonly Dictionary<int, long> _knownSince = [];

    /// <summary>Takes all frauds whose time is known, with a decision or without.</summary>
    public static KnownAccounts Of(ReadOnlySpan<BookRow> rows, long from, TimeSpan delay)
    {
        var known = new KnownAccounts();
        foreach (ref readonly var row in rows)
        {
            if (row.Truth == Truth.Fraud && row.HasTime && row.Ticks >= from)
            {
                var since = ((EventInstant.DayOf(row.Ticks) + 1) * TimeSpan.TicksPerDay) + delay.Ticks;
                known._knownSince[row.Account] = Math.Min(since, known._knownSince.GetValueOrDefault(row.Account, long.MaxValue));
            }
        }

        return known;
    }

    public bool Contains(int account, int testDay) => _knownSince.TryGetValue(account, out var since) && since <= testDay * TimeSpan.TicksPerDay;
}
