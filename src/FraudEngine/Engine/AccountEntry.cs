using FraudEngine.Domain;

namespace FraudEngine.Engine;

/// <summary>One decided transaction of an account's journal.</summary>
/// <param name="Sequence">The account's own number for it, from 1; labels have numbers in the same row.</param>
/// <param name="IsFraud">What it turned out to be; null where that is not known.</param>
public sealed record AccountEntry(long Sequence, Transaction Transaction, Decision Decision, bool? IsFraud = null);
