using System.Globalization;

namespace FraudEngine.Domain.Customers;

/// <summary>A payment in a customer's words, in English or German (<c>en</c>, <c>de</c>): as much of it as is needed to know it again.</summary>
public static class PaymentText
{
    private const int AccountCharactersShown = 4;

    private static readonly NumberFormatInfo German = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    // Not those of the system, which may have no languages installed.
    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] GermanMonths =
        ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];

    /// <summary>With its currency, parted by a space that does not break.</summary>
    public static string Amount(Transaction transaction, string language)
    {
        var amount = transaction.Amount.ToDecimal().ToString("#,##0.00##", language == "de" ? German : NumberFormatInfo.InvariantInfo);
        var currency = transaction.TextString(TransactionField.Currency);
        return language == "de" ? $"{amount}\u00A0{currency}" : $"{currency}\u00A0{amount}";
    }

    /// <summary>Empty where the payment names nobody.</summary>
    public static string Merchant(Transaction transaction)
    {
        foreach (var field in (ReadOnlySpan<TransactionField>)[TransactionField.MerchantId, TransactionField.CounterpartyId, TransactionField.TerminalId])
        {
            if (!transaction.Text(field).IsEmpty)
            {
                return transaction.TextString(field);
            }
        }

        return "";
    }

    /// <summary>The last characters of the account's id, and never more than half of it.</summary>
    public static string AccountEnding(Transaction transaction)
    {
        var runes = transaction.TextString(TransactionField.AccountId).EnumerateRunes().ToList();
        return string.Concat(runes.Skip(runes.Count - Math.Min(AccountCharactersShown, runes.Count / 2)));
    }

    /// <summary>Day and time of day, in the customer's time zone where that is known, else in UTC, which it says.</summary>
    public static string Time(long utcTicks, CustomerPreferences? preferences, string language)
    {
        var utc = new DateTime(utcTicks, DateTimeKind.Utc);
        var isKnown = TimeZoneInfo.TryFindSystemTimeZoneById(preferences?.Quiet?.TimeZone ?? "", out var zone);
        var local = isKnown ? TimeZoneInfo.ConvertTimeFromUtc(utc, zone!) : utc;
        var time = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        var day = language == "de"
            ? $"{local.Day}. {GermanMonths[local.Month - 1]} {local.Year}, {time} Uhr"
            : $"{local.Day} {EnglishMonths[local.Month - 1]} {local.Year}, {time}";
        return $"{day} ({(isKnown ? zone!.Id : "UTC")})";
    }
}
