namespace FraudEngine.Egress.Delivery;

/// <summary>How a channel delivers.</summary>
internal sealed record DeliverySettings
{
    /// <summary>After which an alert that no attempt could deliver becomes a dead letter, counted from when it was taken up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest wait before an alert is tried again for the first time; it doubles with each attempt.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Failures of the endpoint one after the other that open the channel's breaker. One in five at random does not get so far in 10¹³ attempts.</summary>
    public int FailuresMax { get; init; } = 20;

    /// <summary>How long an open breaker waits before it tries one message; it doubles up to <see cref="ProbeWaitMax"/>.</summary>
    public TimeSpan ProbeWait { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ProbeWaitMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Alerts known to the channel at a time; while there are so many, it reads no further in the outbox.</summary>
    public int PendingMax { get; init; } = 100_000;

    /// <summary>Of these, alerts whose content is kept in memory; of others it is read again when they are due.</summary>
    public int HeldMax { get; init; } = 1024;

    /// <summary>Messages begun in a second; a quarter of them while <see cref="IsBusy"/>.</summary>
    public int RateMax { get; init; } = 2000;

    /// <summary>Whether the processors are needed for decisions.</summary>
    public Func<bool> IsBusy { get; init; } = static () => false;

    /// <summary>Alerts read from the outbox at a time.</summary>
    public int PageMax { get; init; } = 256;

    /// <summary>Once the end of the outbox was reached, it is read again after so long at the earliest, so that one reading finds more than one alert.</summary>
    public TimeSpan ReadPause { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Between the beginnings of two commits of outcomes.</summary>
    public TimeSpan WritePause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Outcomes that wait for their commit; while there are so many, nothing is sent.</summary>
    public int UnwrittenMax { get; init; } = 2000;

    /// <summary>An alert that has not been delivered for so long is stored as waiting, so that the cursor passes it.</summary>
    public TimeSpan StoreAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long messages under way may take to end when the engine stops.</summary>
    public TimeSpan StopMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a node tries to become the one that delivers, and looks for dead letters that another node was asked to send again.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);
}
