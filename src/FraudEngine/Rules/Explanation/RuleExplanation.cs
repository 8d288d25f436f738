namespace FraudEngine.Rules.Explanation;

/// <summary>What a rule found, and how.</summary>
public sealed record RuleExplanation(Rule Rule, RuleResult Result, ExpressionExplanation Condition);
