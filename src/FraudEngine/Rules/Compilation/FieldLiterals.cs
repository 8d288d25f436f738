using System.Net;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Which literals a field can ever equal. Comparing it with another is refused: such a rule would silently never match.</summary>
internal static class FieldLiterals
{
    /// <summary>What is wrong with comparing the field with the literal, or null.</summary>
    public static string? Check(TransactionField field, string literal)
    {
        var allowed = Allowed(field, literal);
        return allowed is null ? null : $"{TransactionFieldText.NameOf(field)} is {allowed}, so it never equals '{Excerpt.Of(literal)}'";
    }

    private static string? Allowed(TransactionField field, string literal) => field switch
    {
        TransactionField.Channel => IsChannel(literal) ? null : "one of 'pos', 'online', 'atm' and 'transfer'",
        TransactionField.Country => IsCode(literal, 2, 'A', 'Z') ? null : "2 capital letters (ISO 3166-1, as in 'BE')",
        TransactionField.Currency => IsCode(literal, 3, 'A', 'Z') ? null : "3 capital letters (ISO 4217, as in 'EUR')",
        TransactionField.MerchantCategory => IsCode(literal, 4, '0', '9') ? null : "4 digits (an MCC, as in '7995')",
        TransactionField.IpAddress => IPAddress.TryParse(literal, out _) ? null : "an IP address",
        _ => literal.EnumerateRunes().Count() is > 0 and <= Transaction.IdCharactersMax ? null : $"1 to {Transaction.IdCharactersMax} characters",
    };

    private static bool IsChannel(string literal) => ChannelText.Read(System.Text.Encoding.UTF8.GetBytes(literal)) != Channel.None;

    private static bool IsCode(string literal, int length, char first, char last) =>
        literal.Length == length && literal.AsSpan().IndexOfAnyExceptInRange(first, last) < 0;
}
