using System.Buffers;

namespace PaymentSimulator;

/// <summary>Writes a payment as a transaction of the engine's contract. The truth about it is never part of it.</summary>
public static class PaymentJson
{
    /// <summary>The longest line, in bytes.</summary>
    public const int LineBytesMax = 640;

    /// <summary>Writes one line of NDJSON, its line feed included.</summary>
    public static void Write(in SimulatedPayment payment, IBufferWriter<byte> output)
    {
        var line = new Utf8Line(output.GetSpan(LineBytesMax));
        line.Append("{\"transactionId\":\""u8);
        line.Append(payment.IdPrefix);
        line.Append("-"u8);
        line.Append(payment.Number);
        line.Append("\",\"accountId\":\""u8);
        line.Append(payment.AccountId);
        line.Append("\",\"timestamp\":\""u8);
        line.AppendTimestamp(payment.TimestampTicks);
        line.Append("\",\"amount\":"u8);
        line.AppendDecimal(payment.AmountCents, decimals: 2);
        line.Append(",\"currency\":\""u8);
        line.Append(payment.Currency);
        line.Append("\",\"channel\":\""u8);
        line.Append(PaymentChannelText.Utf8(payment.Channel));
        line.Append("\",\"country\":\""u8);
        line.Append(payment.Country);
        line.Append("\""u8);
        AppendText(ref line, ",\"merchantId\":\""u8, payment.MerchantId);
        AppendText(ref line, ",\"terminalId\":\""u8, payment.TerminalId);
        AppendText(ref line, ",\"merchantCategory\":\""u8, payment.MerchantCategory);
        AppendText(ref line, ",\"deviceId\":\""u8, payment.DeviceId);
        AppendText(ref line, ",\"counterpartyId\":\""u8, payment.CounterpartyId);
        if (payment.IpAddress != 0)
        {
            line.Append(",\"ipAddress\":\""u8);
            line.AppendIpAddress(payment.IpAddress);
            line.Append("\""u8);
        }

        if (payment.HasPosition)
        {
            line.Append(",\"latitude\":"u8);
            line.AppendDecimal(payment.LatitudeE4, decimals: 4);
            line.Append(",\"longitude\":"u8);
            line.AppendDecimal(payment.LongitudeE4, decimals: 4);
        }

        line.Append("}\n"u8);
        output.Advance(line.Length);
    }

    private static void AppendText(ref Utf8Line line, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            line.Append(name);
            line.Append(value);
            line.Append("\""u8);
        }
    }
}
