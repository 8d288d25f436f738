using TransactionFeed.Labels;

namespace TransactionFeed.Replay;

/// <summary>How to replay.</summary>
internal sealed record ReplaySettings
{
    public const int StreamsMax = 256;

    /// <summary>Parallel requests; an account's transactions always take the same one.</summary>
    public int Streams { get; init; } = 4;

    /// <summary>Event time passes this many times faster than real time; null: as fast as it goes.</summary>
    public double? Speed { get; init; }

    /// <summary>No more than so many transactions.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>The labels that are sent along; null for none.</summary>
    public LabelSettings? Labels { get; init; }

    /// <summary>How long one stream may go without an answer, retries included, before all is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that owes answers and gives none for so long counts as broken.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A stream with nothing to send for so long ends its request, before the server finds it too slow; it opens the next when needed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
