namespace FraudEngine.Rules.Features;

/// <summary>What a decision's score is where a model scores beside the rules.</summary>
public enum ScoreUse : byte
{
    None,

    /// <summary>The model's.</summary>
    Model,

    /// <summary>That of the rules; the model only looks on.</summary>
    Rules,

    /// <summary>The higher of the two.</summary>
    Both,
}
