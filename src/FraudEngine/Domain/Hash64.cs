using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FraudEngine.Domain;

/// <summary>
/// A 64-bit hash that is the same in every process and on every machine: shards, filters and indexes on disk rest on it.
/// Multiply-fold over 8-byte words, as in wyhash (Wang Yi, public domain). Not cryptographic: whoever uses it checks what it finds, and where a sender
/// could gain by making texts collide, seeds it with a number that the sender does not know.
/// </summary>
public static class Hash64
{
    private const ulong Seed = 0xa0761d6478bd642f;
    private const ulong Step = 0xe7037ed1a0b428db;

    public static ulong Of(ReadOnlySpan<byte> text, ulong seed = 0)
    {
        var hash = Fold(seed ^ Seed, Step) ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text), Step);
            text = text[8..];
        }

        if (text.Length > 0)
        {
            Span<byte> tail = stackalloc byte[8];
            tail.Clear();
            text.CopyTo(tail);
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(tail), Step);
        }

        return Fold(hash, Seed);
    }

    /// <summary>Scales a hash to a number of buckets: by this an entity's shard follows from the hash of its key, as an account's from that of its id.</summary>
    public static int Bucket(ulong hash, int buckets) => (int)(((hash >> 32) * (ulong)buckets) >> 32);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
