using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Storage;

/// <summary>The keys of the entities that an entry names. Reusable; one thread at a time.</summary>
internal sealed class EntityKeys
{
    private readonly EntryEntities _named = new();
    private readonly byte[] _key = new byte[EntityKey.BytesMax];

    /// <summary>Turns to an entry; false where it is damaged, or is a change, which names none.</summary>
    public bool TryRead(ReadOnlySpan<byte> entry)
    {
        if (ChangeCodec.IsChange(entry))
        {
            return false;
        }

        try
        {
            _named.Read(entry);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Empty where no entity of the kind is named. Good until the next call.</summary>
    public ReadOnlySpan<byte> Of(EntityKind kind)
    {
        var id = _named.IdOf(kind);
        return id.IsEmpty ? [] : _key.AsSpan(0, EntityKey.Write(kind, id, _key));
    }
}
