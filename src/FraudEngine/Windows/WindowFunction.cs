namespace FraudEngine.Windows;

/// <summary>What a window computes over its transactions.</summary>
public enum WindowFunction
{
    None,
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Stddev,
    Distinct,
    Last,
    First,

    /// <summary>Seconds since the newest transaction before the current one.</summary>
    Since,

    /// <summary>Kilometres over the ground from the newest position before the current one.</summary>
    Distance,

    /// <summary>Kilometres per hour that the way from there would have taken; less than a second counts as one.</summary>
    Speed,

    /// <summary>Known frauds as a share of all transactions in the window, 0 where there are none.</summary>
    Rate,

    /// <summary>Known frauds in the window.</summary>
    Frauds,

    /// <summary>Seconds since the newest known fraud in the window.</summary>
    SinceFraud,

    /// <summary>Seconds since the oldest known fraud in the window.</summary>
    SinceFirstFraud,

    /// <summary>Transactions with the current one's value of a text field.</summary>
    Same,
}
