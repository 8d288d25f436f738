namespace FraudEngine.Rules.Syntax;

internal readonly record struct Token(TokenKind Kind, Place Place);
