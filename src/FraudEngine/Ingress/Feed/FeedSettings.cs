namespace FraudEngine.Ingress.Feed;

/// <summary>How the feed is consumed.</summary>
public sealed record FeedSettings
{
    /// <summary>The currency of a transaction that names none.</summary>
    public string DefaultCurrency { get; init; } = "EUR";

    /// <summary>Transactions per queue that are delivered and not yet acknowledged; when full, the others wait at the broker.</summary>
    public ushort PrefetchMax { get; init; } = 128;

    /// <summary>Answers that wait to be published to those who asked for them; when full, further ones are dropped.</summary>
    public int RepliesMax { get; init; } = 8192;

    /// <summary>How long a queue rests whose transactions could not be stored, before they are delivered again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long what is under way is waited for at the end; what takes longer is delivered again to whoever consumes next.</summary>
    public TimeSpan StopMax { get; init; } = TimeSpan.FromSeconds(10);
}
