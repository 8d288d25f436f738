using System.Buffers;

namespace FraudEngine.Trials;

/// <summary>What shadows may be called.</summary>
public static class CandidateName
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "A name has 1 to 64 letters, digits, dots, hyphens and underscores.";

    private const int LengthMax = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    public static bool IsOne(string text) => text.Length is > 0 and <= LengthMax && !text.AsSpan().ContainsAnyExcept(Allowed);
}
