namespace FraudEngine.Domain;

/// <summary>Entries that somebody gives are not as they must be. The message says where and why, begins small, and never quotes an entry, which may be an account.</summary>
public sealed class ListFormatException(string message) : Exception(message);
