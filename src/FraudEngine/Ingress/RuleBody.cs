namespace FraudEngine.Ingress;

/// <summary>Reads the rules in a request, in YAML or in JSON, which is YAML too.</summary>
internal static class RuleBody
{
    private const int BytesMax = 8 * 1024 * 1024;

    /// <summary>The rules as text; null where they were refused, which is answered then.</summary>
    public static Task<string?> ReadAsync(HttpContext context, bool mayBeEmpty = false) => TextBody.ReadAsync(context, BytesMax, "a rule set in YAML", mayBeEmpty);
}
