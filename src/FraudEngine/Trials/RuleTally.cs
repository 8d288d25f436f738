namespace FraudEngine.Trials;

/// <summary>What one rule did.</summary>
internal sealed class RuleTally
{
    public long Errors { get; set; }

    /// <summary>Hits of transactions that were reviewed or declined.</summary>
    public long Alerts { get; set; }

    /// <summary>Found is hit. What is not hit is not counted here: it is what all transactions have more.</summary>
    public Confusion Hits { get; } = new();

    public void Add(RuleTally other)
    {
        Errors += other.Errors;
        Alerts += other.Alerts;
        Hits.Add(other.Hits);
    }
}
