using System.Text;

namespace FraudEngine.Cluster;

/// <summary>
/// Which node should own which shard. Rendezvous hashing (Thaler, Ravishankar: a shard goes to the node with which it has the highest weight), balanced: pairs of a
/// shard and a node are taken in the order of their weights as long as the node has room, so that no node has more than one shard more than another. It follows from
/// the names alone, so that all nodes come to the same without speaking to each other.
/// </summary>
internal static class Placement
{
    /// <summary>By shard, the name of its node; all null where there is no node.</summary>
    /// <param name="nodes">Names, in any order; each counts once.</param>
    public static string?[] Of(int shards, IEnumerable<string> nodes)
    {
        var names = nodes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var placed = new string?[shards];
        if (names.Length == 0)
        {
            return placed;
        }

        var pairs = new (ulong Weight, int Shard, int Node)[shards * names.Length];
        for (var node = 0; node < names.Length; node++)
        {
            var name = HashOf(names[node]);
            for (var shard = 0; shard < shards; shard++)
            {
                pairs[(node * shards) + shard] = (Mix(name ^ Mix((ulong)shard + 1)), shard, node);
            }
        }

        Array.Sort(pairs, static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Shard != b.Shard ? a.Shard.CompareTo(b.Shard) : a.Node.CompareTo(b.Node));
        var room = new int[names.Length];
        Array.Fill(room, shards / names.Length);

        // So many nodes have one more than the others.
        var larger = shards % names.Length;
        foreach (var (_, shard, node) in pairs)
        {
            if (placed[shard] is not null || (room[node] == 0 && larger == 0) || room[node] < 0)
            {
                continue;
            }

            larger -= room[node] == 0 ? 1 : 0;
            room[node]--;
            placed[shard] = names[node];
        }

        return placed;
    }

    /// <summary>FNV-1a: the same on every machine and in every version.</summary>
    private static ulong HashOf(string name)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var one in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ one) * 0x100000001b3;
        }

        return hash;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood).</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
