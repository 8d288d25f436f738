using System.Globalization;

namespace FraudEngine.Rules.Syntax;

/// <summary>Numbers as the language writes them.</summary>
internal static class NumberText
{
    /// <summary>All digits that count, and no zeros behind the last of them.</summary>
    public static string Of(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
