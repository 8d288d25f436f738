namespace FraudEngine.Scoring;

/// <summary>A file that is no model, or none that is supported. The message tells an operator what was found and where, but not in which file.</summary>
public sealed class ModelException(string message) : Exception(message);
