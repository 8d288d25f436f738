using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Engine.Explaining;

/// <summary>Why a stored decision is what it is: made again from the journal, with the rules and lists of then, and compared with what was stored.</summary>
/// <param name="Sequence">The account's own number for the transaction.</param>
/// <param name="Decision">As stored.</param>
public sealed record DecisionExplanation(long Sequence, Transaction Transaction, Decision Decision)
{
    /// <summary>Null, and <see cref="Rules"/> and <see cref="Windows"/> empty, where the decision can't be made again: <see cref="Differences"/> says why.</summary>
    public ExplainedThresholds? Thresholds { get; init; }

    /// <summary>Every rule of the rule set that decided, in its order, as it found what it found.</summary>
    public ImmutableArray<ExplainedRule> Rules { get; init; } = [];

    /// <summary>Every window of that rule set, as the transaction saw it.</summary>
    public ImmutableArray<ExplainedWindow> Windows { get; init; } = [];

    /// <summary>What the model was given and made of it; null where none scored, or it can't be read.</summary>
    public ExplainedModel? Model { get; init; }

    /// <summary>What was stored otherwise than it is computed now, in sentences.</summary>
    public ImmutableArray<string> Differences { get; init; } = [];

    /// <summary>Whether the decision made again has the same bits as the stored one.</summary>
    public bool IsVerified => Differences.IsEmpty;
}

public sealed record ExplainedThresholds(Score Review, Score Decline);

/// <param name="Score">What a hit adds.</param>
/// <param name="Action">What a hit brings about outright; None where nothing.</param>
/// <param name="IsError">Whether it could not answer.</param>
public sealed record ExplainedRule(
    string Id, string When, Score Score, Outcome Action, ImmutableArray<string> Tags, bool IsHit, bool IsError, ExplainedPart Condition);

/// <summary>A part of a condition, and what it came to.</summary>
/// <param name="Text">As the rule file states it.</param>
/// <param name="Type">number, text, condition, duration, timestamp or list.</param>
/// <param name="Value">In words; null where it has none.</param>
/// <param name="IsError">Where it has no value: whether it can't be computed, instead of being missing.</param>
/// <param name="Reason">Where it has no value: why.</param>
public sealed record ExplainedPart(string Text, string Type, string? Value, bool IsError, string? Reason, ImmutableArray<ExplainedPart> Parts);

/// <param name="Expression">As the rule language writes it.</param>
/// <param name="Number">Null where it has no value, or a text.</param>
/// <param name="Text">Null where it has no value, or a number.</param>
/// <param name="IsUsed">Whether the decision rests on it.</param>
/// <param name="IsForgotten">Whether the exact value was not known, because the account had more transactions than are kept.</param>
public sealed record ExplainedWindow(string Expression, decimal? Number, string? Text, bool IsUsed, bool IsForgotten);

/// <param name="Reference"><c>name@version</c>.</param>
/// <param name="Score">The model's own.</param>
public sealed record ExplainedModel(string Reference, Score Score, ImmutableArray<ExplainedFeature> Features);

/// <param name="Expression">As the model's file states it.</param>
/// <param name="Value">Null where it was missing.</param>
/// <param name="Contribution">How far it moved the score towards fraud, in log-odds.</param>
public sealed record ExplainedFeature(string Name, string Expression, float? Value, float Contribution);

/// <summary>What became of the question why.</summary>
public enum ExplanationAnswerKind
{
    None,
    Explained,

    /// <summary>The account has no transaction of that id.</summary>
    Unknown,

    /// <summary>As many explanations are under way as may be.</summary>
    Busy,

    /// <summary>The stored entry can't be read.</summary>
    Damaged,
}

/// <param name="Explanation">Only where the kind is Explained.</param>
public sealed record ExplanationAnswer(ExplanationAnswerKind Kind, DecisionExplanation? Explanation = null);
