namespace FraudEngine.Domain;

/// <summary>
/// An entity in bytes, as shards, the journal and tables of actors find it: one byte for the kind, then its id as UTF-8. Ids are printable, so no key of a
/// terminal or the like is an account's id.
/// </summary>
public static class EntityKey
{
    /// <summary>The longest key, in bytes.</summary>
    public const int BytesMax = 1 + (4 * Transaction.IdCharactersMax);

    /// <summary>Writes a key and returns its length.</summary>
    public static int Write(EntityKind kind, ReadOnlySpan<byte> id, Span<byte> key)
    {
        key[0] = (byte)kind;
        id.CopyTo(key[1..]);
        return id.Length + 1;
    }

    public static byte[] Of(EntityKind kind, ReadOnlySpan<byte> id)
    {
        var key = new byte[id.Length + 1];
        Write(kind, id, key);
        return key;
    }

    public static EntityKind KindOf(ReadOnlySpan<byte> key) => (EntityKind)key[0];

    public static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> key) => key[1..];
}
