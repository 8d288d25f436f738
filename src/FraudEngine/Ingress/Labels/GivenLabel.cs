namespace FraudEngine.Ingress.Labels;

/// <summary>What somebody says that a transaction turned out to be. The ids are UTF-8.</summary>
internal readonly record struct GivenLabel(byte[] AccountId, byte[] TransactionId, bool IsFraud);
