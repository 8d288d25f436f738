namespace FraudEngine.Trials;

/// <summary>A trial can't go on, and says what to do about it.</summary>
public sealed class TrialException(string message) : Exception(message);
