namespace FraudEngine.Windows;

/// <summary>Whether a window has a value.</summary>
public enum WindowStatus : byte
{
    None,

    /// <summary>It has one.</summary>
    Ok,

    /// <summary>Nothing in the window has the field (Last only; Min, Max and Avg also, when asked without a current transaction).</summary>
    Missing,

    /// <summary>The entity has more transactions than are kept, so the exact value is not known.</summary>
    Forgotten,
}
