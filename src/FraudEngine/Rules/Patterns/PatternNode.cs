using System.Collections.Immutable;

namespace FraudEngine.Rules.Patterns;

/// <summary>A part of a parsed pattern.</summary>
internal abstract record PatternNode;

/// <summary>One character of a set.</summary>
internal sealed record AnyOf(CharacterSet Set) : PatternNode;

internal sealed record Sequence(ImmutableArray<PatternNode> Parts) : PatternNode;

internal sealed record Alternatives(ImmutableArray<PatternNode> Parts) : PatternNode;

/// <param name="Most">-1 for any number.</param>
internal sealed record Repetition(PatternNode Part, int Least, int Most) : PatternNode;

/// <summary>A condition on the place between two characters.</summary>
internal sealed record Assertion(AssertionKind Kind) : PatternNode;

internal enum AssertionKind : byte
{
    None,
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge,
}
