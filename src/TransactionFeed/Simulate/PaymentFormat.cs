namespace TransactionFeed.Simulate;

/// <summary>How simulated payments are written.</summary>
internal enum PaymentFormat
{
    None,
    Ndjson,
    Csv,
}
