using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FraudEngine.Engine.Visiting;

/// <summary>Committed transactions and labels for the entities of one shard, in the order of commits. Pooled: whoever receives it gives it back.</summary>
internal sealed class EntityUpdates : ShardMessage
{
    /// <summary>So many are kept for later, and none whose buffer has grown larger.</summary>
    private const int FreeMax = 1024;
    private const int FreeBytesMax = 1 << 18;

    private static readonly ConcurrentQueue<EntityUpdates> Free = new();

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly List<Part> _parts = [];

    private EntityUpdates()
    {
    }

    public int Count => _parts.Count;

    /// <summary>With these, the shard was told everything below this position. Only of a shared journal.</summary>
    public long Settled { get; set; }

    public static EntityUpdates Take() => Free.TryDequeue(out var updates) ? updates : new EntityUpdates();

    public void GiveBack()
    {
        if (Free.Count < FreeMax && _bytes.Capacity <= FreeBytesMax)
        {
            _bytes.ResetWrittenCount();
            _parts.Clear();
            Settled = 0;
            Free.Enqueue(this);
        }
    }

    /// <param name="key">Of the entity.</param>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> entry, long position)
    {
        var start = _bytes.WrittenCount;
        _bytes.Write(key);
        _bytes.Write(accountId);
        _bytes.Write(entry);
        _parts.Add(new Part(position, start, key.Length, accountId.Length, entry.Length));
    }

    public EntityUpdate this[int index]
    {
        get
        {
            ref readonly var part = ref CollectionsMarshal.AsSpan(_parts)[index];
            var bytes = _bytes.WrittenSpan[part.Start..];
            var account = bytes[part.KeyLength..];
            return new EntityUpdate(part.Position, bytes[..part.KeyLength], account[..part.AccountLength], account.Slice(part.AccountLength, part.EntryLength));
        }
    }

    private readonly record struct Part(long Position, int Start, int KeyLength, int AccountLength, int EntryLength);
}

/// <summary>One committed entry that names an entity.</summary>
internal readonly ref struct EntityUpdate(long position, ReadOnlySpan<byte> key, ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> entry)
{
    public long Position { get; } = position;

    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> AccountId { get; } = accountId;

    public ReadOnlySpan<byte> Entry { get; } = entry;
}
