using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>TEMPORARY until features and trees are merged.</summary>
public sealed class ScoringModel
{
    public WindowPlans Plans { get; } = WindowPlans.Empty;
}
