using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>The event of an account: it became known what one of its transactions was. Reused: whoever keeps one past its turn copies it.</summary>
public sealed class TransactionLabelled
{
    private readonly byte[]?[] _entities = new byte[]?[EntityKinds.End];

    /// <summary>The account's own number for it, in one row with its transactions'.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The sequence number of the transaction that is labelled.</summary>
    public long LabelledSequence { get; internal set; }

    /// <summary>The transaction's event time, in UTC ticks.</summary>
    public long TimestampTicks { get; internal set; }

    public bool IsFraud { get; internal set; }

    /// <summary>The transaction's id as UTF-8.</summary>
    public byte[] TransactionId { get; internal set; } = [];

    /// <summary>The ids, as UTF-8, of the entities that the transaction names; empty where it names none of the kind.</summary>
    public ReadOnlySpan<byte> Entity(EntityKind kind) => _entities[(int)kind];

    internal void SetEntity(EntityKind kind, ReadOnlySpan<byte> id) => _entities[(int)kind] = id.IsEmpty ? null : id.ToArray();

    /// <summary>Takes over what a transaction says of itself.</summary>
    internal void Label(Transaction transaction, long sequence, bool isFraud)
    {
        LabelledSequence = sequence;
        IsFraud = isFraud;
        TimestampTicks = transaction.TimestampTicks;
        TransactionId = transaction.TransactionId.ToArray();
        foreach (var kind in EntityKinds.Visited)
        {
            SetEntity(kind, transaction.Text(EntityKinds.FieldOf(kind)));
        }
    }
}
