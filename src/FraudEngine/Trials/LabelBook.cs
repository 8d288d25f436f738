using System.Security.Cryptography;
using FraudEngine.Domain;

namespace FraudEngine.Trials;

/// <summary>
/// What transactions turned out to be, by account and transaction id. Holds 128 bits of hash for each instead of its ids, seeded anew for each book, so that
/// nobody can choose ids that collide. Filled by one thread; then read by any.
/// </summary>
public sealed class LabelBook
{
    private readonly Dictionary<UInt128, Label> _labels = [];
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly ulong _otherSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public int Count => _labels.Count;

    /// <summary>The last word on a transaction counts.</summary>
    public void Set(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId, Label label) => _labels[KeyOf(accountId, transactionId)] = label;

    /// <summary>None where it is not known.</summary>
    public Label Find(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId) => _labels.GetValueOrDefault(KeyOf(accountId, transactionId));

    private UInt128 KeyOf(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId) => new(
        Hash64.Of(transactionId, Hash64.Of(accountId, _seed)), Hash64.Of(transactionId, Hash64.Of(accountId, _otherSeed)));
}
