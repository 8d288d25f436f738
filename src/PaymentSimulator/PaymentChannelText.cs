namespace PaymentSimulator;

/// <summary>The channels' names in the contract.</summary>
public static class PaymentChannelText
{
    public static ReadOnlySpan<byte> Utf8(PaymentChannel channel) => channel switch
    {
        PaymentChannel.None => [],
        PaymentChannel.Pos => "pos"u8,
        PaymentChannel.Online => "online"u8,
        PaymentChannel.Atm => "atm"u8,
        PaymentChannel.Transfer => "transfer"u8,
    };
}
