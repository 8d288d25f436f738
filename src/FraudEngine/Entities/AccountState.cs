using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Entities;

/// <summary>What the engine remembers of one account: the sequence number of its last event, what stands for it, which ids it has used, and its recent history.</summary>
public sealed class AccountState
{
    private const byte FormatWithoutLabels = 1;
    private const byte FormatWithoutTerms = 2;
    private const byte Format = 3;

    /// <param name="memory">Where its history is kept; see <see cref="EventHistory"/>.</param>
    public AccountState(WindowPlan plan, HistoryMemory? memory = null)
        : this(0, 0, AccountTerms.None, new IdFilter(), new EventHistory(plan, memory))
    {
    }

    private AccountState(long sequence, long others, AccountTerms terms, IdFilter seen, EventHistory history)
    {
        Sequence = sequence;
        Others = others;
        Terms = terms;
        Seen = seen;
        History = history;
    }

    /// <summary>How many events the account has: decided transactions, labels and changes; the next one gets this plus one.</summary>
    public long Sequence { get; internal set; }

    /// <summary>How many of its events are no transactions, but labels or changes.</summary>
    public long Others { get; internal set; }

    /// <summary>How many of its transactions are decided.</summary>
    public long Transactions => Sequence - Others;

    /// <summary>What stands for it by its changes.</summary>
    public AccountTerms Terms { get; internal set; }

    public IdFilter Seen { get; }

    public EventHistory History { get; }

    /// <summary>
    /// The same state under another plan, as <see cref="EventHistory.Rebuild"/>; null where the account must be replayed from its first transaction. Both
    /// share <see cref="Seen"/>, so only one of them may live on: drop this one, or the new one, before the next transaction, and release its history.
    /// </summary>
    public AccountState? Rebuild(WindowPlan plan)
    {
        var history = History.Rebuild(plan);
        return history is null ? null : new AccountState(Sequence, Others, Terms, Seen, history);
    }

    /// <summary>The same state with a history that was made elsewhere; shares <see cref="Seen"/> as <see cref="Rebuild"/> does.</summary>
    public AccountState With(EventHistory history) => new(Sequence, Others, Terms, Seen, history);

    /// <summary>Reads what the next transaction will need and what can be found at once, so that it is in the processor's cache.</summary>
    /// <param name="idHash">Of the transaction's id.</param>
    /// <returns>A number without a meaning, for which it is all read.</returns>
    public long TouchNear(ulong idHash) => Seen.Touch(idHash) + History.TouchNear();

    /// <summary>As <see cref="TouchNear"/>, which is called before, for what is found only by that.</summary>
    public long TouchFar() => History.TouchFar();

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write([Format]);
        Varint.Write(output, (ulong)Sequence);
        Varint.Write(output, (ulong)Others);
        TermsCodec.Write(output, Terms);
        Seen.WriteTo(output);
        History.WriteTo(output);
    }

    /// <summary>
    /// Reads a snapshot; null where it can't serve this plan and the account must be replayed from its first transaction.
    /// Throws <see cref="InvalidDataException"/> where it is damaged.
    /// </summary>
    public static AccountState? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan, HistoryMemory? memory = null)
    {
        if (!IsReadable(snapshot))
        {
            return null;
        }

        var rest = snapshot;
        var (sequence, others, terms) = ReadHead(ref rest);
        var seen = IdFilter.ReadFrom(ref rest);
        var history = EventHistory.ReadFrom(rest, plan, memory);
        return history is null ? null : new AccountState(sequence, others, terms, seen, history);
    }

    /// <summary>What stands for the account by a snapshot, also one that serves no plan. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static AccountTerms ReadTermsFrom(ReadOnlySpan<byte> snapshot) => IsReadable(snapshot) ? ReadHead(ref snapshot).Terms : AccountTerms.None;

    private static bool IsReadable(ReadOnlySpan<byte> snapshot) => !snapshot.IsEmpty && snapshot[0] is (Format or FormatWithoutTerms or FormatWithoutLabels);

    private static (long Sequence, long Others, AccountTerms Terms) ReadHead(ref ReadOnlySpan<byte> snapshot)
    {
        var format = snapshot[0];
        snapshot = snapshot[1..];
        var sequence = (long)Varint.Read(ref snapshot);
        var others = format == FormatWithoutLabels ? 0 : (long)Varint.Read(ref snapshot);
        return (sequence, others, format == Format ? TermsCodec.Read(ref snapshot) : AccountTerms.None);
    }
}
