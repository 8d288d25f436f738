namespace TransactionFeed.Features;

/// <summary>Whose features are computed, on what, and where they go.</summary>
internal sealed record FeatureSettings
{
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The model's file.</summary>
    public required string Model { get; init; }

    /// <summary>Where the rows go.</summary>
    public required string Out { get; init; }

    /// <summary>A file with labels; null where the data itself says what its transactions turned out to be.</summary>
    public string? Labels { get; init; }

    /// <summary>How long after its transaction a label is known.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A directory with named lists.</summary>
    public string? Lists { get; init; }

    /// <summary>Rows with event times in [from, to), in UTC ticks; those before fill the windows.</summary>
    public long FromTicks { get; init; } = long.MinValue;

    public long ToTicks { get; init; } = long.MaxValue;

    public int EntitiesMax { get; init; } = 1_000_000;
}
