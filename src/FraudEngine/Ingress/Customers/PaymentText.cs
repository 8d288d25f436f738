using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Ingress.Customers;

/// <summary>A payment in a customer's words: as much of it as is needed to know it again.</summary>
internal static class PaymentText
{
    private const int AccountCharactersShown = 4;

    private static readonly NumberFormatInfo German = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    public static string Amount(Transaction transaction, PageText text)
    {
        var amount = transaction.Amount.ToDecimal().ToString("#,##0.00##", text.Language == "de" ? German : NumberFormatInfo.InvariantInfo);
        var currency = transaction.TextString(TransactionField.Currency);
        return text.Language == "de" ? $"{amount}\u00A0{currency}" : $"{currency}\u00A0{amount}";
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

    /// <summary>In the customer's time zone where that is known, else in UTC, which it says.</summary>
    public static string Time(long utcTicks, CustomerPreferences? preferences, PageText text)
    {
        var utc = new DateTime(utcTicks, DateTimeKind.Utc);
        var isKnown = TimeZoneInfo.TryFindSystemTimeZoneById(preferences?.Quiet?.TimeZone ?? "", out var zone);
        var local = isKnown ? TimeZoneInfo.ConvertTimeFromUtc(utc, zone!) : utc;
        var day = string.Format(
            CultureInfo.InvariantCulture, text.DayForm, local.Day, text.Months[local.Month - 1], local.Year, local.ToString("HH:mm", CultureInfo.InvariantCulture));
        return $"{day} ({(isKnown ? zone!.Id : "UTC")})";
    }
}
