using System.Collections.Immutable;

namespace FraudEngine.Rules.Explanation;

/// <summary>What a part of a condition came to.</summary>
/// <param name="Text">The part as the file states it.</param>
/// <param name="Line">In the file, from 1; so is the column.</param>
/// <param name="Type">number, text, condition, duration, timestamp or list.</param>
/// <param name="Value">
/// Where the status is Ok: numbers in decimal digits, durations such as <c>1h30m</c>, timestamps as RFC 3339, conditions true or false, lists between brackets.
/// </param>
/// <param name="Reason">Where the status is not Ok: why, in words.</param>
/// <param name="Parts">Its own parts, in the order of the text. Each stands by itself, whether or not the whole needed it.</param>
public sealed record ExpressionExplanation(
    string Text, int Line, int Column, string Type, ExpressionStatus Status, string? Value, string? Reason, ImmutableArray<ExpressionExplanation> Parts);
