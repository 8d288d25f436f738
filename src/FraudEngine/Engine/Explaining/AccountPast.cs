using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Explaining;

/// <summary>Rebuilds an account as it was just before one of its transactions, as far as that transaction's windows can tell.</summary>
/// <param name="termsNow">Asks what stands for the account now; null where that can't be told.</param>
internal sealed class AccountPast(IJournal journal, byte[] accountId, ulong idHashSeed, Func<Task<AccountTerms?>> termsNow)
{
    private const int PageEntries = 256;

    // Above so many pages the entries are read a second time instead of being held.
    private const int PagesHeldMax = 64;

    private readonly List<IReadOnlyList<StoredEntry>> _pages = [];
    private readonly EntryReplay _replay = new(idHashSeed);

    /// <summary>How many entries were replayed.</summary>
    public long Replayed { get; private set; }

    /// <summary>
    /// The state in which every window of <paramref name="plan"/> says to a transaction what it said then. Throws <see cref="InvalidDataException"/> where the
    /// journal has a gap or a damaged entry.
    /// </summary>
    /// <param name="sequence">The transaction's own.</param>
    /// <param name="atTicks">Its event time.</param>
    /// <param name="termsSequence">The change by which the decision says that something stood for the account; 0 where nothing did.</param>
    public async Task<AccountState> RebuildAsync(WindowPlan plan, long sequence, long atTicks, long termsSequence, LongTexts texts, CancellationToken cancellation)
    {
        var first = await FindFirstAsync(sequence, EventTime.Before(atTicks, plan.KeptTicks), cancellation);
        var state = new AccountState(plan) { Terms = await FindTermsAsync(termsSequence, sequence) };
        if (_pages.Count <= PagesHeldMax)
        {
            for (var page = _pages.Count - 1; page >= 0; page--)
            {
                Replay(state, _pages[page], first, texts);
            }
        }
        else
        {
            for (var from = first; from < sequence; from += PageEntries)
            {
                cancellation.ThrowIfCancellationRequested();
                var before = Math.Min(from + PageEntries, sequence);
                Replay(state, await journal.ReadEntriesAsync(accountId, before, (int)(before - from)), first, texts);
            }
        }

        state.Sequence = sequence - 1;
        return state;
    }

    /// <summary>What a change has made stand; a later one among the entries that are replayed takes its place.</summary>
    private async Task<AccountTerms> FindTermsAsync(long sequence, long before)
    {
        if (sequence == 0)
        {
            return AccountTerms.None;
        }

        var found = sequence < before ? await journal.ReadEntriesAsync(accountId, sequence + 1, 1) : [];
        if (found.Count == 0 && await termsNow() is { } now && now.Sequence == sequence)
        {
            // The entry was dropped by its age, and has not been followed by another change.
            return now;
        }

        CheckNext(found.Count == 0 ? 0 : found[0].Sequence, sequence);
        return ChangeCodec.Read(found[0].Bytes, sequence).Terms;
    }

    /// <summary>
    /// The sequence number from which on entries matter. With T the transaction's event time, H the horizon and L the allowed lateness:
    /// <list type="bullet">
    /// <item>Its windows hold event times in (T - H, T], so an entry at or before T - H is in none. Nor does it make one forgotten: a window is forgotten where
    /// it starts before a time that was forgotten, and it starts at T - H or later. Nor does it push out an entry that a window holds: where the account has too
    /// many, the oldest go first.</item>
    /// <item>An entry was admitted only where it was not older than the newest before it by more than L. So behind an entry at T - H - L or before, all
    /// earlier ones are at T - H or before.</item>
    /// </list>
    /// So the walk back ends at the first entry at or before T - H - L, and leaves out nothing that can be seen.
    /// </summary>
    private async Task<long> FindFirstAsync(long sequence, long stopTicks, CancellationToken cancellation)
    {
        var before = sequence;
        while (before > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = await journal.ReadEntriesAsync(accountId, before, PageEntries);
            if (_pages.Count <= PagesHeldMax)
            {
                _pages.Add(page);
            }

            foreach (var entry in page)
            {
                CheckNext(entry.Sequence, --before);
                if (EntryCodec.IsTransaction(entry.Bytes) && EntryCodec.EventTimeOf(entry.Bytes) <= stopTicks)
                {
                    return before + 1;
                }
            }

            if (page.Count == 0)
            {
                CheckNext(0, before - 1);
            }
        }

        return 1;
    }

    /// <param name="page">Newest first.</param>
    private void Replay(AccountState state, IReadOnlyList<StoredEntry> page, long first, LongTexts texts)
    {
        for (var i = page.Count - 1; i >= 0; i--)
        {
            if (page[i].Sequence < first)
            {
                continue;
            }

            CheckNext(page[i].Sequence, first + Replayed);
            Replayed++;
            _replay.Read(accountId, page[i].Sequence, page[i].Bytes, isWhole: true);
            _replay.EvolveOn(state);
            if (_replay.IsTransaction)
            {
                texts.Add(_replay.Transaction);
            }
        }
    }

    private static void CheckNext(long found, long expected)
    {
        if (found != expected)
        {
            throw new InvalidDataException($"The journal has no entry {expected} of the account.");
        }
    }
}
