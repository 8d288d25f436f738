using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Rules.Yaml;

namespace FraudEngine.Rules;

/// <summary>The compiled condition of a rule, and what it asks.</summary>
internal sealed record RuleCondition(ConditionText Text, BoolEval Eval, double Cost, ImmutableArray<EntityWindow> Windows, ImmutableArray<string> ListNames)
{
    /// <summary>As the file states it.</summary>
    public string When => Text.Value.Trim();

    /// <summary>
    /// The transaction's fields that it names, of the present transaction or of earlier ones, and those that name the entities whose windows it asks, each once.
    /// </summary>
    public ImmutableArray<TransactionField> Fields =>
        [.. FieldNames.In(When).Union(Windows.Where(static window => window.Kind != EntityKind.Account).Select(static window => EntityKinds.FieldOf(window.Kind))).Order()];

    public RuleResult Evaluate(RuleEvaluation evaluation) => Eval(evaluation) switch
    {
        Truth.True => RuleResult.Hit,
        Truth.False or Truth.Missing => RuleResult.NoHit,
        Truth.None or Truth.Error => RuleResult.Error,
    };
}
