namespace FraudEngine.Domain;

/// <summary>What a customer says to an alert: "Was this you?"</summary>
public enum AlertResponse : byte
{
    None,

    /// <summary>It was; the payment is genuine.</summary>
    Confirmed,

    /// <summary>It was not; the payment is fraud.</summary>
    Denied,
}
