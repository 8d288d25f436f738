using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Rules;

/// <summary>
/// A condition of which a customer may choose to be told, whatever is decided: a payment above an amount, abroad, in a new category. In it, <c>chosen</c> is what
/// the customer has chosen.
/// </summary>
public sealed class ActivityRule
{
    internal ActivityRule(string id, ActivityChoice takes, RuleText text, RuleCondition condition) => (Id, Takes, InWords, Condition) = (id, takes, text, condition);

    public string Id { get; }

    public ActivityChoice Takes { get; }

    /// <summary><see cref="Takes"/> as rule files and JSON state it; null where nothing is chosen.</summary>
    public string? TakesText => ActivityChoiceText.Of(Takes);

    /// <summary>The condition as the file states it.</summary>
    public string When => Condition.When;

    /// <summary>In words for the account holder, with its placeholders.</summary>
    public string Text => InWords.Text;

    /// <summary>The same in other languages, by their codes of two small letters.</summary>
    public ImmutableSortedDictionary<string, string> Texts => InWords.Texts;

    /// <summary>As <see cref="Rule.Windows"/>.</summary>
    public ImmutableArray<EntityWindow> Windows => Condition.Windows;

    /// <summary>As <see cref="Rule.Fields"/>.</summary>
    public ImmutableArray<TransactionField> Fields => Condition.Fields;

    /// <summary>As <see cref="Rule.Cost"/>.</summary>
    public double Cost => Condition.Cost;

    /// <summary>Whether what a customer has chosen is what the rule takes: a number, a text, or nothing.</summary>
    public bool Fits(ChosenActivity chosen) => Takes switch
    {
        ActivityChoice.None => chosen is { Number: null, Text: null },
        ActivityChoice.Number => chosen is { Number: not null, Text: null },
        ActivityChoice.Text => chosen is { Number: null, Text.Length: > 0 },
    };

    /// <summary>Whether another rule tells the customer of the same, in the same words.</summary>
    public bool SaysTheSameAs(ActivityRule other) => Id == other.Id && Takes == other.Takes && When == other.When && InWords.SaysTheSameAs(other.InWords);

    internal RuleText InWords { get; }

    internal RuleCondition Condition { get; }

    /// <summary>The rule as decisions name it.</summary>
    internal ReasonCode Reason => InWords.Reason(Id, isAgainst: false, []);

    /// <summary>
    /// Tries it for what a customer has chosen, behind <see cref="RuleSet.Evaluate"/> of the same transaction. No hit where that lacks what the rule takes, as after a
    /// new version that takes something else. Allocates nothing and throws nothing.
    /// </summary>
    internal RuleResult Evaluate(RuleEvaluation evaluation, ChosenActivity chosen)
    {
        var isGiven = Takes switch
        {
            ActivityChoice.None => true,
            ActivityChoice.Number => chosen.Number is not null,
            ActivityChoice.Text => !chosen.Key.IsNone,
        };
        if (!isGiven)
        {
            return RuleResult.NoHit;
        }

        evaluation.Chosen = chosen;
        var result = Condition.Evaluate(evaluation);
        evaluation.Chosen = null;
        return result;
    }
}
