namespace FraudEngine.Domain;

/// <summary>What the engine answers.</summary>
public enum Outcome : byte
{
    None,
    Approve,
    Review,
    Decline,
}
