using FraudEngine.Domain.Customers;

namespace FraudEngine.Rules;

/// <summary>What an activity rule needs the customer to choose.</summary>
public enum ActivityChoice
{
    None,
    Number,
    Text,
}

/// <summary>
/// A condition of which a customer may choose to be told, whatever is decided: a payment above an amount, abroad, in a new category. In it, <c>chosen</c> is what
/// the customer has chosen.
/// </summary>
public sealed class ActivityRule
{
    internal ActivityRule(string id, ActivityChoice takes, string text, RuleCondition condition) => (Id, Takes, Text, Condition) = (id, takes, text, condition);

    public string Id { get; }

    public ActivityChoice Takes { get; }

    /// <summary>In words for the account holder, with its placeholders.</summary>
    public string Text { get; }

    internal RuleCondition Condition { get; }

    /// <summary>Tries it for what a customer has chosen, behind <see cref="RuleSet.Evaluate"/> of the same transaction. Allocates nothing and throws nothing.</summary>
    internal RuleResult Evaluate(RuleEvaluation evaluation, ChosenActivity chosen) => throw new NotImplementedException();
}
