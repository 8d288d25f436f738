namespace FraudEngine.Rules;

/// <summary>A rule file with errors. The message holds them all, in the order of the file.</summary>
public sealed class RuleSetException(IReadOnlyList<RuleError> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<RuleError> Errors { get; } = errors;
}
