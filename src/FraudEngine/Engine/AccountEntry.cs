using FraudEngine.Domain;

namespace FraudEngine.Engine;

/// <summary>One decided transaction of an account's journal.</summary>
/// <param name="Sequence">The account's own number for it, from 1.</param>
public sealed record AccountEntry(long Sequence, Transaction Transaction, Decision Decision);
