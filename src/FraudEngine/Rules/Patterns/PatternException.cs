namespace FraudEngine.Rules.Patterns;

/// <summary>A text that is no pattern. Thrown by <see cref="Pattern.Parse"/> and caught by the compiler: it never leaves the room.</summary>
internal sealed class PatternException(string message) : Exception(message);
