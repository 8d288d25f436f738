namespace TransactionFeed.Evaluate;

/// <summary>What is evaluated, against what, and where the report goes.</summary>
internal sealed record EvaluateSettings
{
    public const int TopMax = 10_000_000;

    public const int ThresholdsMax = 100;

    /// <summary>The decisions, as <c>replay --out</c> and <c>backtest --decisions</c> write them.</summary>
    public required string Decisions { get; init; }

    /// <summary>What the transactions turned out to be.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Files that only give transactions their times.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Whether a transaction without a label is genuine.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>The test period, half-open, in UTC ticks; null where it has no bound.</summary>
    public long? From { get; init; }

    public long? To { get; init; }

    /// <summary>Accounts with a fraud since then are known as compromised once <see cref="LabelDelay"/> is over; null for none.</summary>
    public long? KnownFrom { get; init; }

    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many accounts are looked at a day.</summary>
    public int Top { get; init; } = 100;

    public IReadOnlyList<double> Thresholds { get; init; } = [0.5, 0.8];

    /// <summary><c>table</c>, <c>json</c> or <c>csv</c>.</summary>
    public string Format { get; init; } = "table";

    /// <summary>Where the report goes; null for standard output.</summary>
    public string? Out { get; init; }

    /// <summary>Where the curves go, as SVG; null for nowhere.</summary>
    public string? Plot { get; init; }
}
