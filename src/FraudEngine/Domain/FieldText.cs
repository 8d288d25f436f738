using System.Globalization;

namespace FraudEngine.Domain;

/// <summary>A transaction's fields as people read them.</summary>
internal static class FieldText
{
    /// <summary>The longest text <see cref="Format"/> writes that is not one of the transaction's own, in bytes.</summary>
    public const int TextBytesMax = 32;

    private const decimal DegreeE7 = 10_000_000m;

    /// <summary>
    /// The text of a field: an amount with two decimals or as many more as it has, a timestamp as RFC 3339 in UTC, the language's word for unknown where the
    /// field is not given. Allocates nothing.
    /// </summary>
    /// <param name="scratch">Room for <see cref="TextBytesMax"/> bytes, in which the text may stand.</param>
    public static ReadOnlySpan<byte> Format(Transaction transaction, TransactionField field, Span<byte> scratch, FieldWords words)
    {
        switch (field)
        {
            case TransactionField.Amount:
                var amount = scratch[..transaction.Amount.FormatPrice(scratch)];
                amount.Replace((byte)'.', words.DecimalSign);
                return amount;
            case TransactionField.Timestamp:
                return scratch[..TimestampText.Format(transaction.TimestampTicks, scratch)];
            case TransactionField.Latitude:
                return transaction.HasPosition ? Degrees(transaction.LatitudeE7, scratch) : words.Unknown;
            case TransactionField.Longitude:
                return transaction.HasPosition ? Degrees(transaction.LongitudeE7, scratch) : words.Unknown;
            default:
                var text = transaction.Text(field);
                return text.IsEmpty ? words.Unknown : text;
        }
    }

    private static ReadOnlySpan<byte> Degrees(int e7, Span<byte> scratch)
    {
        (e7 / DegreeE7).TryFormat(scratch, out var length, "0.#######", CultureInfo.InvariantCulture);
        return scratch[..length];
    }
}
