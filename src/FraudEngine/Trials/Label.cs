namespace FraudEngine.Trials;

/// <summary>What a transaction turned out to be.</summary>
public enum Label : byte
{
    /// <summary>Not known.</summary>
    None,
    Genuine,
    Fraud,
}
