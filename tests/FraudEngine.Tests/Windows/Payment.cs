using System.Text;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>A transaction as these tests write it; times are small numbers.</summary>
internal sealed record Payment(
    long At, long Units = 0, string Merchant = "", string Device = "", Channel Channel = Channel.None, (int LatitudeE7, int LongitudeE7)? Position = null, ulong Id = 0)
{
    public string Text(TransactionField field) => field switch
    {
        TransactionField.MerchantId => Merchant,
        TransactionField.DeviceId => Device,
        TransactionField.Channel => Encoding.UTF8.GetString(ChannelText.Utf8(Channel)),
        _ => "",
    };

    public Transaction ToTransaction()
    {
        var transaction = new Transaction { TimestampTicks = At, Amount = new Money(Units), Channel = Channel };
        transaction.SetText(TransactionField.MerchantId, Encoding.UTF8.GetBytes(Merchant));
        transaction.SetText(TransactionField.DeviceId, Encoding.UTF8.GetBytes(Device));
        transaction.HasPosition = Position.HasValue;
        (transaction.LatitudeE7, transaction.LongitudeE7) = Position ?? default;
        return transaction;
    }
}

/// <summary>A filter as these tests write it.</summary>
internal sealed class PaymentFilter(string text, Func<Transaction, bool> passes) : EventFilter(text)
{
    public static PaymentFilter AmountBelow(long units) => new($"amount < {units}", transaction => transaction.Amount.Units < units);

    public static PaymentFilter On(Channel channel) => new($"channel == {channel}", transaction => transaction.Channel == channel);

    public override bool Passes(Transaction transaction) => passes(transaction);
}
