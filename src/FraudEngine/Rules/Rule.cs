using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Rules;

/// <summary>A condition on a transaction and its account's windows, and what it adds to the score, or brings about outright, where it holds.</summary>
public sealed class Rule
{
    /// <summary>Tags on one rule.</summary>
    public const int TagsMax = 16;

    internal Rule(string id, Score score, Outcome action, ImmutableArray<string> tags, RuleText text, RuleCondition condition)
    {
        Id = id;
        Score = score;
        Action = action;
        Tags = tags;
        InWords = text;
        Condition = condition;
    }

    public string Id { get; }

    /// <summary>The condition as the file states it.</summary>
    public string When => Condition.When;

    /// <summary>-1..1; below 0 it speaks for the transaction. 0 where the rule only acts.</summary>
    public Score Score { get; }

    /// <summary>The outcome that a hit asks for outright, in the order that <see cref="RuleSet.OutcomeOf"/> states; None where it only adds to the score.</summary>
    public Outcome Action { get; }

    /// <summary>What the rule is about, each once, in the file's order.</summary>
    public ImmutableArray<string> Tags { get; }

    /// <summary>The reason in words for the account holder, with its placeholders.</summary>
    public string Text => InWords.Text;

    /// <summary>The same in other languages, by their codes of two small letters.</summary>
    public ImmutableSortedDictionary<string, string> Texts => InWords.Texts;

    /// <summary>Whether a hit speaks against the transaction, so that the customer is told.</summary>
    public bool IsAgainst => Action switch
    {
        Outcome.Decline or Outcome.Review => true,
        Outcome.Approve => false,
        Outcome.None => Score.Billionths > 0,
    };

    /// <summary>The windows that the condition asks.</summary>
    public ImmutableArray<EntityWindow> Windows => Condition.Windows;

    /// <summary>
    /// The transaction's fields that the condition names, of the present transaction or of earlier ones, and those that name the entities whose windows it asks, each
    /// once.
    /// </summary>
    public ImmutableArray<TransactionField> Fields => Condition.Fields;

    /// <summary>The named lists that the condition asks.</summary>
    public ImmutableArray<string> ListNames => Condition.ListNames;

    /// <summary>What evaluating the whole condition costs, relative to other rules: about 1 for a comparison with a field, 30 for a window.</summary>
    public double Cost => Condition.Cost;

    /// <summary>Whether another rule decides the same and says the same of it.</summary>
    public bool SaysTheSameAs(Rule other) =>
        Id == other.Id && When == other.When && Score == other.Score && Action == other.Action && Tags.SequenceEqual(other.Tags) && InWords.SaysTheSameAs(other.InWords);

    internal RuleText InWords { get; }

    internal RuleCondition Condition { get; }

    /// <summary>The rule as decisions name it.</summary>
    internal ReasonCode Reason => InWords.Reason(Id, IsAgainst, Tags);

    internal RuleResult Evaluate(RuleEvaluation evaluation) => Condition.Evaluate(evaluation);
}
