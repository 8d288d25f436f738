using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>Which payments a customer need not be asked about: those that agree with a confirmed one in merchant, country and device.</summary>
/// <param name="Key">As <see cref="KeyOf"/> makes it.</param>
/// <param name="UntilTicks">Up to this event time, itself included; UTC ticks.</param>
public readonly record struct ConfirmedPattern(TextKey Key, long UntilTicks)
{
    private const int TextBytesMax = 4 * Transaction.IdCharactersMax;

    /// <summary>The key of a payment's pattern; no text where it names neither merchant nor device, so that there is too little to know it again by.</summary>
    public static TextKey KeyOf(Transaction transaction)
    {
        var merchant = transaction.Text(TransactionField.MerchantId);
        var country = transaction.Text(TransactionField.Country);
        var device = transaction.Text(TransactionField.DeviceId);
        if (merchant.IsEmpty && device.IsEmpty)
        {
            return default;
        }

        // No text has a zero byte in it, so no two payments with other texts come to the same bytes.
        Span<byte> joined = stackalloc byte[(3 * TextBytesMax) + 2];
        merchant.CopyTo(joined);
        joined[merchant.Length] = 0;
        var length = merchant.Length + 1;
        country.CopyTo(joined[length..]);
        length += country.Length;
        joined[length++] = 0;
        device.CopyTo(joined[length..]);
        return TextKey.Of(joined[..(length + device.Length)]);
    }
}
