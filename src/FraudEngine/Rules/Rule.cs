using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules;

/// <summary>A condition on a transaction and its account's windows, and what it adds to the score where it holds.</summary>
public sealed class Rule
{
    private readonly BoolEval _condition;

    internal Rule(string id, string when, Score score, string text, BoolEval condition)
    {
        Id = id;
        When = when;
        Score = score;
        Text = text;
        _condition = condition;
    }

    public string Id { get; }

    /// <summary>The condition as the file states it.</summary>
    public string When { get; }

    /// <summary>-1..1; below 0 it speaks for the transaction.</summary>
    public Score Score { get; }

    /// <summary>The reason in words for the account holder.</summary>
    public string Text { get; }

    public bool SaysTheSameAs(Rule other) => Id == other.Id && When == other.When && Score == other.Score && Text == other.Text;

    internal RuleResult Evaluate(RuleEvaluation evaluation) => _condition(evaluation) switch
    {
        Truth.True => RuleResult.Hit,
        Truth.False or Truth.Missing => RuleResult.NoHit,
        Truth.None or Truth.Error => RuleResult.Error,
    };
}
