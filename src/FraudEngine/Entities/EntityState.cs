using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Entities;

/// <summary>
/// What the engine remembers of a terminal, merchant, device or counterparty: a projection of the committed transactions and labels that name it, up to a
/// journal position.
/// </summary>
public sealed class EntityState
{
    private const byte Format = 1;

    /// <param name="memory">Where its history is kept; see <see cref="EventHistory"/>.</param>
    public EntityState(WindowPlan plan, HistoryMemory? memory = null)
        : this(0, new EventHistory(plan, memory))
    {
    }

    private EntityState(long position, EventHistory history)
    {
        Position = position;
        History = history;
    }

    /// <summary>The journal position of the newest entry that it has. In a journal of one node all before it are there too.</summary>
    public long Position { get; private set; }

    public EventHistory History { get; }

    /// <summary>Takes in a committed transaction.</summary>
    public void Evolve(Transaction transaction, ulong eventId, long position)
    {
        Position = Math.Max(Position, position);
        History.Add(transaction, eventId);
    }

    /// <summary>Takes in a committed label.</summary>
    public void Evolve(TransactionLabelled labelled, ulong eventId, long position)
    {
        Position = Math.Max(Position, position);
        History.Label(labelled.TimestampTicks, eventId, labelled.IsFraud);
    }

    /// <summary>The same state under another plan; null where it must be read from the journal's first entry.</summary>
    public EntityState? Rebuild(WindowPlan plan) => History.Rebuild(plan) is { } history ? new EntityState(Position, history) : null;

    /// <summary>Writes a snapshot.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write([Format]);
        Varint.Write(output, (ulong)Position);
        History.WriteTo(output);
    }

    /// <summary>Reads a snapshot; null where it can't serve this plan. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static EntityState? ReadFrom(ReadOnlySpan<byte> snapshot, WindowPlan plan, HistoryMemory? memory = null)
    {
        if (snapshot.IsEmpty || snapshot[0] != Format)
        {
            return null;
        }

        var rest = snapshot[1..];
        var position = (long)Varint.Read(ref rest);
        return EventHistory.ReadFrom(rest, plan, memory) is { } history ? new EntityState(position, history) : null;
    }
}
