using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>Which entities an entry of the journal names, so that it can be found by them. Reusable; one thread at a time.</summary>
public sealed class EntryEntities
{
    private readonly TransactionDecided _decided = new();
    private readonly TransactionLabelled _labelled = new();
    private bool _isLabel;
    private bool _isChange;

    /// <summary>The id, as UTF-8, of the entity of a kind other than the account; empty where none is named. Good until the next entry is read.</summary>
    public ReadOnlySpan<byte> IdOf(EntityKind kind) => _isChange ? [] : _isLabel ? _labelled.Entity(kind) : _decided.Transaction.Text(EntityKinds.FieldOf(kind));

    /// <summary>Turns to an entry: a transaction, a label, or a change, which names none. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public void Read(ReadOnlySpan<byte> entry)
    {
        _isLabel = LabelCodec.IsLabel(entry);
        _isChange = ChangeCodec.IsChange(entry);
        if (_isLabel)
        {
            LabelCodec.Read(entry, 0, _labelled);
        }
        else if (!_isChange)
        {
            EntryCodec.ReadTransaction(entry, [], _decided.Transaction);
        }
    }
}
