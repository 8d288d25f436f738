namespace FraudEngine.Domain;

/// <summary>How the payment was made.</summary>
public enum Channel : byte
{
    None,
    Pos,
    Online,
    Atm,
    Transfer,
}
