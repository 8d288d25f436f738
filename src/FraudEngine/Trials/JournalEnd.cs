using FraudEngine.Storage;

namespace FraudEngine.Trials;

/// <summary>Finds the position of a journal's newest row in a few short reads, however many rows there are.</summary>
internal static class JournalEnd
{
    /// <param name="from">A position that the journal has reached, or 0.</param>
    public static async Task<long> FindAsync(IJournal journal, long from)
    {
        if (!await HasAfterAsync(journal, from))
        {
            return from;
        }

        var (low, step) = (from, 1L);
        while (await HasAfterAsync(journal, low + step))
        {
            low += step;
            step *= 2;
        }

        // There are rows behind low, and none behind high.
        var high = low + step;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = await HasAfterAsync(journal, middle) ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static async Task<bool> HasAfterAsync(IJournal journal, long position) => (await journal.ScanAsync(position, 1)).Count > 0;
}
