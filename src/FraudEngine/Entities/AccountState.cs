using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>What the engine remembers of one account: the sequence number of its last decided transaction, which ids it has used, and its recent history.</summary>
public sealed class AccountState
{
    private const byte Format = 1;

    public AccountState(WindowPlan plan)
        : this(0, new IdFilter(), new EventHistory(plan))
    {
    }

    private AccountState(long sequence, IdFilter seen, EventHistory history)
    {
        Sequence = sequence;
        Seen = seen;
        History = history;
    }

    /// <summary>How many transactions of the account are decided; the next one gets this plus one.</summary>
    public long Sequence { get; internal set; }

    public IdFilter Seen { get; }

    public EventHistory History { get; }

    /// <summary>
    /// The same state under another plan, as <see cref="EventHistory.Rebuild"/>; null where the account must be replayed from its first transaction. Both
    /// share <see cref="Seen"/>, so only one of them may live on: drop this one, or the new one, before the next transaction.
    /// </summary>
    public AccountState? Rebuild(WindowPlan plan)
    {
        var history = History.Rebuild(plan);
        return history is null ? null : new AccountState(Sequence, Seen, history);
    }

    /// <summary>The same state with a history that was made elsewhere; shares <see cref="Seen"/> as <see cref="Rebuild"/> does.</summary>
    public AccountState With(EventHistory history) => new(Sequence, Seen, history);

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write([Format]);
        Varint.Write(output, (ulong)Sequence);
        Seen.WriteTo(output);
        History.WriteTo(output);
    }

    /// <summary>
    /// Reads a snapshot; null where it can't serve this plan and the account must be replayed from its first transaction.
    /// Throws <see cref="InvalidDataException"/> where it is damaged.
    /// </summary>
    public static AccountState? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan)
    {
        if (snapshot.IsEmpty || snapshot[0] != Format)
        {
            return null;
        }

        var rest = snapshot[1..];
        var sequence = (long)Varint.Read(ref rest);
        var seen = IdFilter.ReadFrom(ref rest);
        var history = EventHistory.ReadFrom(rest, plan);
        return history is null ? null : new AccountState(sequence, seen, history);
    }
}
