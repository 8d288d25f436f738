namespace FraudEngine.Rules.Syntax;

/// <summary>An expression that can't be parsed. Thrown by the lexer and the parser and caught by the compiler: it never leaves the room.</summary>
internal sealed class ExpressionException(Place place, string message) : Exception(message)
{
    public Place Place { get; } = place;
}
