namespace TransactionFeed.Backtest;

/// <summary>The engine's titles of refusals, as the decisions file has them.</summary>
internal static class ProblemTitles
{
    public const string Invalid = "Invalid transaction";
    public const string Malformed = "Not a transaction";
    public const string IdReused = "Id reused";
    public const string TooLate = "Too late";
}
