using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Postgres;

/// <summary>Numbers of advisory locks. A shard's lock has the shard's number.</summary>
internal static class PostgresLocks
{
    /// <summary>The first of the two numbers of each lock: "FrEn".</summary>
    public const int Class = 0x4672456E;

    /// <summary>Held shared by every session that holds a shard; alone by who changes what must not change meanwhile.</summary>
    public const int Writers = -1;

    /// <summary>Held while tables are made and partitions come and go.</summary>
    public const int Schema = -2;

    /// <summary>Held while rules or shadows are written.</summary>
    public const int Rules = -3;

    /// <summary>Held while a list is changed, over several commits.</summary>
    public const int Lists = -4;

    /// <summary>Held by the node that brings what all have in common up to date with its files.</summary>
    public const int Settings = -5;

    /// <summary>Held by the node that delivers on a channel: far below the other numbers, so that it is neither one of those nor a shard's.</summary>
    public static int OfChannel(string channel) => int.MinValue | (int)(Hash64.Of(Encoding.UTF8.GetBytes(channel)) & 0x3FFFFFFF);
}
