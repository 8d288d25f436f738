namespace FraudEngine.Entities;

/// <summary>A model as decisions refer to it.</summary>
/// <param name="Number">The journal's number for it.</param>
public sealed record NumberedModel(ScoringModel Model, int Number);
