namespace FraudEngine.Egress.Delivery;

/// <summary>What a channel was told and has not yet looked at. From any thread.</summary>
/// <param name="channel">Its name.</param>
internal sealed class ChannelNews(string channel)
{
    private int _alerts;
    private int _resend;

    /// <summary>The setting of the journal that changes with each dead letter that is to be sent again, so that the node that delivers sees it.</summary>
    public static string ResendSettingOf(string channel) => $"resend:{channel}";

    public string ResendSetting { get; } = ResendSettingOf(channel);

    /// <summary>Wakes the channel's loop.</summary>
    public WakeSignal Signal { get; } = new();

    /// <summary>There are perhaps alerts that it has not seen.</summary>
    public void TellOfAlerts()
    {
        // Once for all that come before it looks.
        if (Interlocked.Exchange(ref _alerts, 1) == 0)
        {
            Signal.Wake();
        }
    }

    /// <summary>Dead letters are waiting again.</summary>
    public void TellOfResend()
    {
        Volatile.Write(ref _resend, 1);
        Signal.Wake();
    }

    /// <summary>Whether it was told of alerts since it looked last.</summary>
    public bool HasAlerts => Volatile.Read(ref _alerts) == 1;

    public bool TakeAlerts() => Interlocked.Exchange(ref _alerts, 0) == 1;

    public bool TakeResend() => Interlocked.Exchange(ref _resend, 0) == 1;
}
