namespace FraudEngine.Domain;

/// <summary>The channels' names in the contract.</summary>
public static class ChannelText
{
    public static ReadOnlySpan<byte> Utf8(Channel channel) => channel switch
    {
        Channel.None => [],
        Channel.Pos => "pos"u8,
        Channel.Online => "online"u8,
        Channel.Atm => "atm"u8,
        Channel.Transfer => "transfer"u8,
    };

    /// <summary>The channel of that name, or <see cref="Channel.None"/>.</summary>
    public static Channel Read(ReadOnlySpan<byte> text)
    {
        for (var channel = Channel.Pos; channel <= Channel.Transfer; channel++)
        {
            if (text.SequenceEqual(Utf8(channel)))
            {
                return channel;
            }
        }

        return Channel.None;
    }
}
