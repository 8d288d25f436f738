namespace FraudEngine.Hosting;

/// <summary>The engine can't start; the message says why and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
