using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>What the engine remembers of one account: the sequence number of its last event, which ids it has used, and its recent history.</summary>
public sealed class AccountState
{
    private const byte FormatWithoutLabels = 1;
    private const byte Format = 2;

    public AccountState(WindowPlan plan)
        : this(0, 0, new IdFilter(), new EventHistory(plan))
    {
    }

    private AccountState(long sequence, long labels, IdFilter seen, EventHistory history)
    {
        Sequence = sequence;
        Labels = labels;
        Seen = seen;
        History = history;
    }

    /// <summary>How many events the account has, decided transactions and labels; the next one gets this plus one.</summary>
    public long Sequence { get; internal set; }

    /// <summary>How many of its events are labels.</summary>
    public long Labels { get; internal set; }

    /// <summary>How many of its transactions are decided.</summary>
    public long Transactions => Sequence - Labels;

    public IdFilter Seen { get; }

    public EventHistory History { get; }

    /// <summary>
    /// The same state under another plan, as <see cref="EventHistory.Rebuild"/>; null where the account must be replayed from its first transaction. Both
    /// share <see cref="Seen"/>, so only one of them may live on: drop this one, or the new one, before the next transaction.
    /// </summary>
    public AccountState? Rebuild(WindowPlan plan)
    {
        var history = History.Rebuild(plan);
        return history is null ? null : new AccountState(Sequence, Labels, Seen, history);
    }

    /// <summary>The same state with a history that was made elsewhere; shares <see cref="Seen"/> as <see cref="Rebuild"/> does.</summary>
    public AccountState With(EventHistory history) => new(Sequence, Labels, Seen, history);

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write([Format]);
        Varint.Write(output, (ulong)Sequence);
        Varint.Write(output, (ulong)Labels);
        Seen.WriteTo(output);
        History.WriteTo(output);
    }

    /// <summary>
    /// Reads a snapshot; null where it can't serve this plan and the account must be replayed from its first transaction.
    /// Throws <see cref="InvalidDataException"/> where it is damaged.
    /// </summary>
    public static AccountState? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan)
    {
        if (snapshot.IsEmpty || snapshot[0] is not (Format or FormatWithoutLabels))
        {
            return null;
        }

        var rest = snapshot[1..];
        var sequence = (long)Varint.Read(ref rest);
        var labels = snapshot[0] == Format ? (long)Varint.Read(ref rest) : 0;
        var seen = IdFilter.ReadFrom(ref rest);
        var history = EventHistory.ReadFrom(rest, plan);
        return history is null ? null : new AccountState(sequence, labels, seen, history);
    }
}
