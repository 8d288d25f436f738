using System.Collections.Immutable;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Yaml;

namespace FraudEngine.Rules;

/// <summary>The compiled condition of a rule, and what it asks.</summary>
internal sealed record RuleCondition(ConditionText Text, BoolEval Eval, double Cost, ImmutableArray<EntityWindow> Windows, ImmutableArray<string> ListNames);
