using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TransactionFeed.Broker;

/// <summary>
/// The routing key of an account's transactions: the top 8 bits of the hash by which the engine finds the account's shard, as docs/feed.md describes it, so
/// that a queue's transactions are those of the shards that its consumer owns.
/// </summary>
internal static class AccountSlot
{
    private const ulong Seed = 0xa0761d6478bd642f;
    private const ulong Step = 0xe7037ed1a0b428db;

    private static readonly string[] Keys = [.. Enumerable.Range(0, 256).Select(slot => slot.ToString(CultureInfo.InvariantCulture))];

    public static string KeyOf(string accountId) => Keys[HashOf(Encoding.UTF8.GetBytes(accountId)) >> 56];

    /// <summary>Multiply-fold over words of 8 bytes, little-endian; the last one is filled up with zeros.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> text)
    {
        var hash = Fold(Seed, Step) ^ (ulong)text.Length;
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (text.Length > 0)
        {
            var taken = Math.Min(text.Length, word.Length);
            word.Clear();
            text[..taken].CopyTo(word);
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(word), Step);
            text = text[taken..];
        }

        return Fold(hash, Seed);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
