using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules;

/// <summary>A condition on a transaction and its account's windows, and what it adds to the score, or brings about outright, where it holds.</summary>
public sealed class Rule
{
    /// <summary>Tags on one rule.</summary>
    public const int TagsMax = 16;

    private readonly BoolEval _condition;

    internal Rule(string id, string when, Score score, Outcome action, ImmutableArray<string> tags, string text, ImmutableArray<int> windows, BoolEval condition)
    {
        Id = id;
        When = when;
        Score = score;
        Action = action;
        Tags = tags;
        Text = text;
        Windows = windows;
        _condition = condition;
    }

    public string Id { get; }

    /// <summary>The condition as the file states it.</summary>
    public string When { get; }

    /// <summary>-1..1; below 0 it speaks for the transaction. 0 where the rule only acts.</summary>
    public Score Score { get; }

    /// <summary>The outcome that a hit asks for outright, in the order that <see cref="RuleSet.OutcomeOf"/> states; None where it only adds to the score.</summary>
    public Outcome Action { get; }

    /// <summary>What the rule is about, each once, in the file's order.</summary>
    public ImmutableArray<string> Tags { get; }

    /// <summary>The reason in words for the account holder, with its placeholders.</summary>
    public string Text { get; }

    /// <summary>The slots of the windows that the condition asks, ascending.</summary>
    public ImmutableArray<int> Windows { get; }

    /// <summary>The transaction's fields that the condition names, of the present transaction or of earlier ones, each once.</summary>
    public ImmutableArray<TransactionField> Fields => FieldNames.In(When);

    /// <summary>Whether a hit speaks against the transaction, so that the customer is told.</summary>
    public bool IsAgainst => Action switch
    {
        Outcome.Decline or Outcome.Review => true,
        Outcome.Approve => false,
        Outcome.None => Score.Billionths > 0,
    };

    /// <summary>Whether another rule decides the same and says the same of it.</summary>
    public bool SaysTheSameAs(Rule other) => Id == other.Id && When == other.When && Score == other.Score && Action == other.Action && Text == other.Text && Tags.SequenceEqual(other.Tags);

    internal RuleResult Evaluate(RuleEvaluation evaluation) => _condition(evaluation) switch
    {
        Truth.True => RuleResult.Hit,
        Truth.False or Truth.Missing => RuleResult.NoHit,
        Truth.None or Truth.Error => RuleResult.Error,
    };
}
