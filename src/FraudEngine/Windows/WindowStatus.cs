namespace FraudEngine.Windows;

/// <summary>Whether a window has a value.</summary>
public enum WindowStatus : byte
{
    None,

    /// <summary>It has one.</summary>
    Ok,

    /// <summary>
    /// Nothing in the window has the field (First, Last), nothing came before in it (Since), there is nothing to go from or to (Distance, Speed), or nothing in
    /// it is known to be fraud (SinceFraud, SinceFirstFraud), or there is no current transaction with the field (Same). Min, Max and Avg also, where neither the current transaction nor any other is in the window.
    /// </summary>
    Missing,

    /// <summary>The entity has more transactions than are kept, so the exact value is not known.</summary>
    Forgotten,

    /// <summary>The entity did not answer in time, so the value is not known.</summary>
    Unanswered,
}
