using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>What decides: a rule set, the named lists that it may ask, and a model where there is one. Immutable; a change is another one.</summary>
/// <param name="Number">The journal's number for the rule set.</param>
/// <param name="Model">Null where none scores.</param>
public sealed record RulesInForce(RuleSet Rules, int Number, NamedLists Lists, NumberedModel? Model = null)
{
    private WindowPlans? _plans;

    /// <summary>The windows of the rules and of the model.</summary>
    public WindowPlans Plans => _plans ??= WindowPlans.Union(Rules.Plans, ModelPlans);

    /// <summary>The model's windows; none where there is no model.</summary>
    public WindowPlans ModelPlans => Model?.Model.Plans ?? WindowPlans.None(Rules.Windows.Settings);

    // Made anew in a copy with another member.
    private RulesInForce(RulesInForce original)
    {
        (Rules, Number, Lists, Model) = (original.Rules, original.Number, original.Lists, original.Model);
    }
}
