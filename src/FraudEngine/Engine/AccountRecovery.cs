using System.Buffers;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Engine;

/// <summary>Makes an account's state from what the journal has of it, and a snapshot from its state.</summary>
/// <param name="memory">Where the histories are kept.</param>
/// <param name="idHashSeed">Of the hashes by which resends are recognised.</param>
internal sealed class AccountRecovery(WindowPlan plan, HistoryMemory memory, ulong idHashSeed)
{
    private readonly EntryReplay _replay = new(idHashSeed);
    private readonly ArrayBufferWriter<byte> _snapshot = new();

    /// <summary>What histories are kept for.</summary>
    public WindowPlan Plan { get; set; } = plan;

    /// <summary>
    /// The state after the last entry; null where the snapshot doesn't serve the plan and all entries are needed.
    /// Throws <see cref="InvalidDataException"/> where what is stored is damaged or has a gap.
    /// </summary>
    /// <param name="terms">
    /// What stood for the account by a snapshot that didn't serve the plan: the changes that it comes of may have been dropped since. A snapshot is stored with each
    /// change, so that nothing but entries tells of a later one.
    /// </param>
    /// <param name="replayed">Entries that are not in a stored snapshot.</param>
    public AccountState? Rebuild(Recovery recovery, AccountTerms terms, out int replayed)
    {
        replayed = recovery.Entries.Count;
        var state = recovery.Snapshot.Length == 0 ? new AccountState(Plan, memory) { Terms = terms } : AccountState.ReadFrom(recovery.Snapshot, Plan, memory);
        if (state is null)
        {
            return null;
        }

        if (recovery.DroppedTo > state.Sequence)
        {
            state.History.Release();
            state = new AccountState(Plan, memory) { Sequence = recovery.DroppedTo, Others = state.Others, Terms = state.Terms };
        }

        try
        {
            Replay(recovery, state);
            return state;
        }
        catch (InvalidDataException)
        {
            state.History.Release();
            throw;
        }
    }

    /// <summary>The event time at which a walk back through an account's entries may stop; see <see cref="RebuildHistory"/>.</summary>
    public long OldestThatMatters(AccountState state) =>
        EventTime.Before(EventTime.Before(state.History.NewestTicks, Plan.KeptTicks), Plan.Settings.AllowedLatenessTicks);

    /// <summary>
    /// The history of a resident account from its entries alone, under the plan. Walking back through them one may stop at the first that is older than what
    /// is kept by more than the allowed lateness: when it was decided nothing was newer than it by more than that, so all before it are too old as well.
    /// </summary>
    /// <returns>Null where the entries don't end with the account's newest.</returns>
    public EventHistory? RebuildHistory(Recovery recovery, AccountState state)
    {
        var entries = recovery.Entries;
        var isWhole = entries.Count == 0 || entries[0].Sequence == 1;
        var history = isWhole ? new EventHistory(Plan, memory) : EventHistory.After(Plan, EventTime.Before(state.History.NewestTicks, Plan.KeptTicks), memory);
        var isDone = false;
        try
        {
            isDone = TryReplay(recovery, history, isWhole ? 0 : entries[0].Sequence - 1, state.Sequence);
            return isDone ? history : null;
        }
        finally
        {
            if (!isDone)
            {
                history.Release();
            }
        }
    }

    public byte[] Snapshot(AccountState state)
    {
        _snapshot.ResetWrittenCount();
        state.WriteTo(_snapshot);
        return _snapshot.WrittenSpan.ToArray();
    }

    private void Replay(Recovery recovery, AccountState state)
    {
        foreach (var entry in recovery.Entries)
        {
            if (entry.Sequence != state.Sequence + 1)
            {
                throw new InvalidDataException($"The journal has entry {entry.Sequence} of an account after entry {state.Sequence}.");
            }

            _replay.Read(recovery.Account.Id, entry.Sequence, entry.Bytes, isWhole: true);
            _replay.EvolveOn(state);
        }
    }

    /// <summary>Adds entries to a history; false where they are not those behind a sequence number, up to the last, without a gap.</summary>
    private bool TryReplay(Recovery recovery, EventHistory history, long sequence, long last)
    {
        foreach (var entry in recovery.Entries)
        {
            if (entry.Sequence != ++sequence)
            {
                return false;
            }

            _replay.Read(recovery.Account.Id, entry.Sequence, entry.Bytes, isWhole: false);
            _replay.AddTo(history);
        }

        return sequence == last;
    }
}
