using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Explanation;

/// <summary>The rules of a set compiled once more, with every part of every condition at hand. Immutable.</summary>
internal sealed class ExplainedRules
{
    private readonly ImmutableArray<(Rule Rule, TracedExpression Condition)> _rules;

    public ExplainedRules(RuleSet set)
    {
        var windows = new EntitySlots(set.Windows.Settings, null);
        foreach (var (kind, spec) in EntityWindow.AllOf(set.Plans))
        {
            windows[kind].Slot(spec);
        }

        var lists = new ListSlots(null);
        foreach (var name in set.ListNames)
        {
            lists.Slot(name);
        }

        _rules = [.. set.Rules.Select(rule => (rule, Trace(rule, new Scope(windows, lists))))];
    }

    /// <param name="nameOf">The text of a key that is too long to stand in it, where it is known.</param>
    public ImmutableArray<RuleExplanation> Explain(RuleEvaluation evaluation, Func<TextKey, string?>? nameOf)
    {
        var explanations = ImmutableArray.CreateBuilder<RuleExplanation>(_rules.Length);
        foreach (var (rule, condition) in _rules)
        {
            var explained = new Explainer(rule.Condition.Text, evaluation, nameOf).Explain(condition);
            explanations.Add(new RuleExplanation(rule, rule.Evaluate(evaluation), explained));
        }

        return explanations.MoveToImmutable();
    }

    private static TracedExpression Trace(Rule rule, Scope scope)
    {
        var trace = new ExpressionTrace();
        ExpressionCompiler.Condition(rule.Condition.Text.Value, scope, new Problems(), trace);
        return trace.Root ?? throw new InvalidOperationException($"The condition of {rule.Id} does not compile a second time.");
    }
}
