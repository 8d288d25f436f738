namespace FraudEngine.Domain;

/// <summary>What a transaction names: the account that pays, and what else has a history of its own.</summary>
public enum EntityKind : byte
{
    None,
    Account,
    Terminal,
    Merchant,
    Device,
    Counterparty,
}
