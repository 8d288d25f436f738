namespace FraudEngine.Rules;

/// <summary>Names of rule sets, rules and lists: small letters, digits and hyphens.</summary>
public static class KebabName
{
    public const int CharactersMax = 64;

    /// <summary>What <see cref="IsOne"/> asks for, in words.</summary>
    internal const string Form = "small letters, digits and hyphens, at most 64 and no hyphen first";

    public static bool IsOne(string text) => text.Length is > 0 and <= CharactersMax && text[0] != '-'
        && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
