using System.Security.Cryptography;

namespace FraudEngine.Hosting;

/// <summary>The id of a node's present life: its name, and what sets this life apart from those before.</summary>
internal static class NodeLife
{
    // PostgreSQL cuts the names of sessions off behind 63 bytes.
    private const int NameMax = 48;

    public static string New(string node) => $"{node[..Math.Min(node.Length, NameMax)]}/{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
}
