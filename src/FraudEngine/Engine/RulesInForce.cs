using FraudEngine.Rules;
using FraudEngine.Rules.Lists;

namespace FraudEngine.Engine;

/// <summary>What decides: a rule set and the named lists that it may ask. Immutable; a change is another one.</summary>
/// <param name="Number">The journal's number for the rule set.</param>
public sealed record RulesInForce(RuleSet Rules, int Number, NamedLists Lists);
