using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Windows;

/// <summary>A transaction as these tests write it; times are small numbers.</summary>
internal sealed record Payment(long At, long Units = 0, string Merchant = "", string Device = "", Channel Channel = Channel.None)
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
        return transaction;
    }
}
