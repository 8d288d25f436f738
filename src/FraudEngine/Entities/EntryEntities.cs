using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>Which entities an entry of the journal names, so that it can be found by them. Reusable; one thread at a time.</summary>
public sealed class EntryEntities
{
    private readonly TransactionDecided _decided = new();
    private readonly TransactionLabelled _labelled = new();
    private bool _isLabel;

    /// <summary>Turns to an entry, a transaction or a label; false where it is damaged, so that nobody can say what it names.</summary>
    public bool TryRead(ReadOnlySpan<byte> entry)
    {
        try
        {
            Read(entry);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>The id, as UTF-8, of the entity of a kind other than the account; empty where none is named. Good until the next entry is read.</summary>
    public ReadOnlySpan<byte> IdOf(EntityKind kind) => _isLabel ? _labelled.Entity(kind) : _decided.Transaction.Text(EntityKinds.FieldOf(kind));

    private void Read(ReadOnlySpan<byte> entry)
    {
        _isLabel = LabelCodec.IsLabel(entry);
        if (_isLabel)
        {
            LabelCodec.Read(entry, 0, _labelled);
        }
        else
        {
            EntryCodec.ReadTransaction(entry, [], _decided.Transaction);
        }
    }
}
