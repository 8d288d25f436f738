using System.Buffers;

namespace FraudEngine.Domain.Customers;

/// <summary>
/// Addresses that e-mail is sent to: <c>local@domain</c> in ASCII and nothing else, no display name, no quoted local part, no address literal. Fewer than
/// RFC 5321 allows, and so nothing that could end a header or name a second recipient.
/// </summary>
public static class EmailAddress
{
    public const int CharactersMax = 254;

    private const int LocalCharactersMax = 64;
    private const int LabelCharactersMax = 63;

    // atext of RFC 5322, and the dot.
    private static readonly SearchValues<char> LocalCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    public static bool IsOne(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= CharactersMax && at is > 0 and <= LocalCharactersMax && IsLocal(text.AsSpan(0, at)) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocal(ReadOnlySpan<char> local) =>
        !local.ContainsAnyExcept(LocalCharacters) && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return labels.Length >= 2 && labels.All(static label => label.Length is > 0 and <= LabelCharactersMax
            && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-');
    }
}
