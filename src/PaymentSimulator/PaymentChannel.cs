namespace PaymentSimulator;

/// <summary>How a payment is made.</summary>
public enum PaymentChannel : byte
{
    None,
    Pos,
    Online,
    Atm,
    Transfer,
}
