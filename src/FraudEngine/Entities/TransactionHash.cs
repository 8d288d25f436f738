using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>By what a label finds its transaction in a history: a hash of account and transaction id, seeded so that no sender can make two collide.</summary>
public static class TransactionHash
{
    public static ulong Of(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId, ulong seed) =>
        Hash64.Of(transactionId, Hash64.Of(accountId, seed));
}
