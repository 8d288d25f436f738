using FraudEngine.Rules;

namespace FraudEngine.Hosting;

/// <summary>Errors of a file as a log has them: places and messages, without the lines that they stand in.</summary>
internal static class ErrorsOnOneLine
{
    private const int ShownMax = 5;

    public static string Of(IReadOnlyList<RuleError> errors) =>
        string.Join("; ", errors.Take(ShownMax).Select(static error => (error with { SourceLine = "" }).ToString()))
            + (errors.Count > ShownMax ? $"; and {errors.Count - ShownMax} errors more" : "");
}
