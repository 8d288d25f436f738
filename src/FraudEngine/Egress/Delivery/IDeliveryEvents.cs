namespace FraudEngine.Egress.Delivery;

/// <summary>Hears what an operator should know of alerts' delivery. Problems name no address and no secret. Called from any thread; must return at once and not throw.</summary>
internal interface IDeliveryEvents
{
    /// <summary>This node delivers on the channel from now on.</summary>
    void Taken(string channel);

    /// <summary>Another node may deliver on it now.</summary>
    void Lost(string channel);

    /// <summary>The receiver is in trouble; nothing but probes is sent until one arrives.</summary>
    void Opened(string channel, string problem);

    /// <summary>The receiver is there again.</summary>
    void Closed(string channel);

    /// <summary>Alerts have become dead letters.</summary>
    void GaveUp(string channel, int alerts, string problem);

    /// <summary>The journal, or what the channel asks, can't be read or written now; it is tried again. Told once until it works.</summary>
    void Interrupted(string channel, string reason);

    /// <summary>A message could not be sent for a reason that nobody foresaw; it counts as a failed attempt.</summary>
    void SendingFaulted(string channel, Exception reason);

    /// <summary>The channel has ended for a reason that nobody foresaw, and begins again from what is stored.</summary>
    void Restarted(string channel, Exception reason);
}
