using TransactionFeed.Wire;

namespace TransactionFeed.Backtest;

/// <summary>What a backtest tries, on what, and where its report goes.</summary>
internal sealed record BacktestSettings
{
    /// <summary>The file of the candidate.</summary>
    public required string Rules { get; init; }

    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The file of the rule set in force.</summary>
    public string? Against { get; init; }

    /// <summary>The engine whose journal is taken, or whose rule set is the one in force; null for none.</summary>
    public EngineAddress? Engine { get; init; }

    /// <summary>A file with labels.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether a transaction without a label is genuine.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>How long after its transaction a label is known to windows over frauds.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A directory with named lists.</summary>
    public string? Lists { get; init; }

    /// <summary><c>table</c>, <c>json</c> or <c>csv</c>.</summary>
    public string Format { get; init; } = "table";

    /// <summary>Where the report goes; null for standard output.</summary>
    public string? Out { get; init; }

    /// <summary>Where the decisions go; null for nowhere.</summary>
    public string? Decisions { get; init; }

    public long Limit { get; init; } = long.MaxValue;

    public int AccountsMax { get; init; } = 1_000_000;

    /// <summary>The file of the model that scores with the candidate; null where none does.</summary>
    public string? Model { get; init; }

    /// <summary>Event times between which it is compared, as the user gave them.</summary>
    public string? From { get; init; }

    public string? Until { get; init; }

    /// <summary>The only account of the journal that is looked at.</summary>
    public string? Account { get; init; }
}
