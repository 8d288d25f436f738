namespace TransactionFeed.Labels;

/// <summary>Which labels a replay sends, and when.</summary>
internal sealed record LabelSettings
{
    /// <summary>Files of labels; none where the transactions' own rows say what they turned out to be.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>How long after its transaction a label becomes known.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Send what turned out to be genuine as well. Without: what has no label is not known to be fraud.</summary>
    public bool WithGenuine { get; init; }

    /// <summary>At the end of the input send what is not due by then.</summary>
    public bool WithRest { get; init; }
}
