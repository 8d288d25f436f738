namespace FraudEngine.Rules;

/// <summary>What a rule found. A field that is not given makes no hit; what can't be computed is an error, never "no hit".</summary>
public enum RuleResult : byte
{
    None,
    NoHit,
    Hit,
    Error,
}
