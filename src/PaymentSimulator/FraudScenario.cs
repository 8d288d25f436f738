namespace PaymentSimulator;

/// <summary>Which kind of fraud a payment belongs to.</summary>
public enum FraudScenario : byte
{
    None,

    /// <summary>A single payment of many times the customer's usual amount.</summary>
    HighAmount,

    /// <summary>Any payment at a terminal while it is compromised, which lasts for days. Nothing else about it is unusual.</summary>
    CompromisedTerminal,

    /// <summary>A burst of online payments from a new device in another country: small ones that test the card, then large ones.</summary>
    StolenCredentials,
}
