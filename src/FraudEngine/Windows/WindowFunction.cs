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
}
