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
}
